-- cancel asks for the end of a job.
--
-- ARGV[2] id
--
-- Returns the state of the job behind it: 'cancelled' when it was waiting,
-- 'running' when its worker has been asked, the final state when it has ended,
-- or 'GONE'. Safe to send twice.
local id = ARGV[2]
local state = redis.call('HGET', P .. 'job:' .. id, 'state')
if not state then return 'GONE' end
if state == 'queued' or state == 'delayed' or state == 'suspect' then
  withdraw(id)
  finish(id, 'cancelled', '')
  return 'cancelled'
end
if state == 'running' then
  drainable()
  redis.call('HSET', P .. 'job:' .. id, 'cancel', 1)
  redis.call('PUBLISH', P .. 'ctl', id)
end
return state
