-- finish ends a job, if this attempt still has it.
--
-- ARGV[2] id                          ARGV[5] error, '' for none
-- ARGV[3] token of the attempt        ARGV[6] number of frames of the result
-- ARGV[4] done, failed, cancelled or expired
--
-- Returns 'OK', 'OK-REPLAY' when this attempt has ended the job already,
-- 'FENCED' when another attempt has it, 'GONE' when there is no such job, or
-- 'NORESULT' when it should be done but its result is not there.
-- The lease goes first: Redis that is short of memory lets a script write once
-- its first write was one that frees some.
local id, token = ARGV[2], ARGV[3]
local job = P .. 'job:' .. id
local f = redis.call('HMGET', job, 'token', 'state')
if not f[2] then return 'GONE' end
if f[1] ~= token then return 'FENCED' end
if f[2] ~= 'running' then return 'OK-REPLAY' end
if ARGV[4] == 'done' and redis.call('EXISTS', P .. 'res:' .. id .. ':' .. token .. ':0') == 0 then
  return 'NORESULT'
end
redis.call('ZREM', P .. 'lease', id)
redis.call('HSET', job, 'frames', ARGV[6])
finish(job, ARGV[4], ARGV[5])
return 'OK'
