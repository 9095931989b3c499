-- unkeep drops what is kept under a name, with all its versions. The number of the last one
-- stays, so that no other version ever has it.
--
-- ARGV[2] tenant                      ARGV[4] name
-- ARGV[3] kind                        ARGV[5] the name as part of a key
--
-- Returns 1, or 0 when there was nothing. Safe to send twice.
local list = P .. 'kept:' .. ARGV[2] .. ':' .. ARGV[3]
local versions = list .. ':' .. ARGV[5]
local there = redis.call('HDEL', list, ARGV[4])
local all = redis.call('HGETALL', versions)
for i = 1, #all, 2 do
  if all[i] ~= 'last' then
    redis.call('HDEL', versions, all[i])
    redis.call('UNLINK', versions .. ':' .. string.match(all[i + 1], '^%d+ (%S+) '))
  end
end
return there
