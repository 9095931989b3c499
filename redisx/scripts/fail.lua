-- fail ends an attempt that met an error which may pass: the job waits a while and
-- is queued again, until its tries are used up.
--
-- ARGV[2] id                          ARGV[5] most tries
-- ARGV[3] token of the attempt        ARGV[6] ms to wait after the first try
-- ARGV[4] error                       ARGV[7] what to multiply waits by, about 1
--
-- The wait doubles with each try and is at most a minute before it is multiplied.
-- Returns the state of the job: 'delayed', 'dead' when that was its last try,
-- 'cancelled' when its end was asked for; or 'FENCED' when another attempt has it
-- or it has ended, 'GONE' when there is no such job. Sent twice, the second is
-- FENCED.
local id, token, reason, most = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local pause, spread = tonumber(ARGV[6]), tonumber(ARGV[7])
local job = P .. 'job:' .. id
local f = redis.call('HMGET', job, 'token', 'state', 'cancel', 'tries')
if not f[2] then return 'GONE' end
if f[1] ~= token or f[2] ~= 'running' then return fenced() end
drainable()
leave(id)
local tries = tonumber(f[4]) + 1
redis.call('HSET', job, 'tries', tries)
tally('retried')
if f[3] then
  finish(id, 'cancelled', '')
  return 'cancelled'
end
if tries >= most then
  finish(id, 'dead', 'given up at try ' .. tries .. ': ' .. reason)
  return 'dead'
end
local wait = math.min(pause * 2 ^ (tries - 1), 60000) * spread
redis.call('HSET', job, 'state', 'delayed', 'token', '', 'counters', '', 'error', reason)
redis.call('ZADD', P .. 'delay', text(now() + wait), id)
return 'delayed'
