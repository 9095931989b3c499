-- forget takes an id out of a published segment.
--
-- ARGV[2] tenant                      ARGV[4] id
-- ARGV[3] name
--
-- Returns 1, or 0 when it was not in it; nil when nothing is published under the name, or
-- not as a set. Sent twice, the second returns 0.
local segment = P .. 'seg:' .. ARGV[2] .. ':' .. ARGV[3]
local f = redis.call('HMGET', segment, 'kind', 'version')
if f[1] ~= 'set' then return nil end
local was = redis.call('SREM', segment .. ':' .. f[2], ARGV[4])
if was == 1 then redis.call('HINCRBY', segment, 'count', -1) end
return was
