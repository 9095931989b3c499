-- requeue gives a dead job another life: its tries and crashes count from nothing,
-- and its deadline from now. One that was lost with its workers runs alone again.
--
-- ARGV[2] id
--
-- Returns the state after it, 'queued' or 'suspect', with 'OK:' before it; the
-- state that a job has which is not dead, or 'GONE'. Sent twice, the second finds
-- a job that is not dead.
local id = ARGV[2]
local job = P .. 'job:' .. id
local f = redis.call('HMGET', job, 'state', 'patience')
if not f[1] then return 'GONE' end
if f[1] ~= 'dead' then return f[1] end
redis.call('ZREM', P .. 'dead', id)
redis.call('PERSIST', job)
redis.call('HDEL', job, 'cancel', 'frames', 'sum', 'source', 'finished')
local deadline = 0
if tonumber(f[2]) > 0 then
  deadline = now() + tonumber(f[2])
  redis.call('ZADD', P .. 'due', text(deadline), id)
end
redis.call('HSET', job, 'tries', 0, 'crashes', 0, 'error', '', 'deadline', text(deadline))
redis.call('SADD', P .. 'open', id)
return 'OK:' .. place(id)
