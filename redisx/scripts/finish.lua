-- finish ends a job, if this attempt still has it.
--
-- ARGV[2] id                          ARGV[5] error, '' for none
-- ARGV[3] token of the attempt        ARGV[6] number of frames of the result
-- ARGV[4] done, truncated, failed,    ARGV[7] checksum of the result
--         cancelled or expired        ARGV[8] token of the last counters, '' for
-- ARGV[9] rows that were seen                 those that are there
-- ARGV[10] bytes of the result
--
-- Returns 'OK', 'OK-REPLAY' when this attempt has ended the job already,
-- 'FENCED' when another attempt has it, 'GONE' when there is no such job,
-- 'NORESULT' when it should be done but its result is not there, or 'NOCOUNTERS'
-- when its last counters are not.
local id, token, state, reason, frames, sum = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local counters, rows, bytes = ARGV[8], ARGV[9], ARGV[10]
local job = P .. 'job:' .. id
local f = redis.call('HMGET', job, 'token', 'state')
if not f[2] then return 'GONE' end
-- The fence.
if f[1] ~= token then return fenced() end
if f[2] ~= 'running' then return 'OK-REPLAY' end
-- Behind the fence.
if redis.call('EXISTS', P .. 'res:' .. id .. ':' .. token .. ':0') == 0 then
  if state == 'done' or state == 'truncated' then return 'NORESULT' end
  frames = 0 -- Redis had no room for what the record of a failure says
end
if counters ~= '' and redis.call('EXISTS', job .. ':p:' .. counters) == 0 then return 'NOCOUNTERS' end
drainable()
leave(id)
tally('rows', rows)
if bytes ~= '0' then
  redis.call('HSET', P .. 'size', id, bytes)
  redis.call('HINCRBY', P .. 'size', '', bytes)
end
redis.call('HSET', job, 'frames', frames, 'sum', sum)
if counters ~= '' then redis.call('HSET', job, 'counters', counters) end
finish(id, state, reason)
return 'OK'
