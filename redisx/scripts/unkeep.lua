-- unkeep drops what is kept under a name, with all its versions, or some of these. The number
-- of the last one stays, so that no other version ever has it.
--
-- ARGV[2] tenant                      ARGV[4] name
-- ARGV[3] kind                        ARGV[5] the name as part of a key
-- ARGV[6...] numbers of the versions, none for all
--
-- Returns 1, or 0 when there was nothing of it. Safe to send twice.
local list = P .. 'kept:' .. ARGV[2] .. ':' .. ARGV[3]
local versions = list .. ':' .. ARGV[5]
local named = {}
for i = 6, #ARGV do named[ARGV[i]] = true end
local there, newest, line = 0, 0, nil
local all = redis.call('HGETALL', versions)
for i = 1, #all, 2 do
  local n = tonumber(all[i]) -- none for 'last'
  if n and (#ARGV < 6 or named[all[i]]) then
    redis.call('HDEL', versions, all[i])
    redis.call('UNLINK', versions .. ':' .. string.match(all[i + 1], '^%d+ (%S+) '))
    there = 1
  elseif n and n > newest then
    newest, line = n, all[i + 1]
  end
end
if line then
  redis.call('HSET', list, ARGV[4], line)
else
  redis.call('HDEL', list, ARGV[4])
end
return there
