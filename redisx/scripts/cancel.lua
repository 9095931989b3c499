-- cancel asks for the end of a job.
--
-- ARGV[2] id
--
-- Returns the state of the job behind it: 'cancelled' when it was queued,
-- 'running' when its worker has been asked, the final state when it has ended,
-- or 'GONE'. Safe to send twice.
local id = ARGV[2]
local job = P .. 'job:' .. id
local f = redis.call('HMGET', job, 'state', 'class', 'tenant')
if not f[1] then return 'GONE' end
if f[1] == 'queued' then
  redis.call('ZREM', P .. 'q:' .. f[2] .. ':' .. f[3], id)
  finish(job, 'cancelled', '')
  return 'cancelled'
end
if f[1] == 'running' then
  redis.call('HSET', job, 'cancel', 1)
  redis.call('PUBLISH', P .. 'ctl', id)
end
return f[1]
