-- lookup_lease lets one writer at a time write a lookup, for as long as it says so
-- again. It needs no prelude.
--
-- KEYS[1] the lease of a lookup
-- ARGV[1] token of the writer
-- ARGV[2] ms after which the lease ends; 0 gives it back
--
-- Returns the token of who has it now. Safe to send twice.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return holder end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
  return ARGV[1]
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
