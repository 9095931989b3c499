-- rekeep puts a chunk of a body that is kept in the place of another, if that is what is
-- there.
--
-- ARGV[2] tenant                      ARGV[5] token of the body
-- ARGV[3] kind                        ARGV[6] number of the chunk
-- ARGV[4] the name as part of a key   ARGV[7] SHA-1 of what is there
-- ARGV[8] what is to be there
--
-- Returns 1, or 0 when something else is there. Sent twice, the second returns 1 too.
local body = P .. 'kept:' .. ARGV[2] .. ':' .. ARGV[3] .. ':' .. ARGV[4] .. ':' .. ARGV[5]
local there = redis.call('HGET', body, ARGV[6])
if there == ARGV[8] then return 1 end
if not there or redis.sha1hex(there) ~= ARGV[7] then return 0 end
redis.call('HSET', body, ARGV[6], ARGV[8])
return 1
