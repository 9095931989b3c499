-- union estimates how many profiles are in any of some segments that are published as
-- hll.
--
-- ARGV[2] tenant                      ARGV[3...] names
--
-- Returns the number, nil when one of them is not published as hll. Nothing stays changed.
local tenant, firstName = ARGV[2], 3
local counted = {}
for i = firstName, #ARGV do
  local segment = P .. 'seg:' .. tenant .. ':' .. ARGV[i]
  local f = redis.call('HMGET', segment, 'kind', 'version')
  if f[1] ~= 'hll' then return nil end
  counted[#counted + 1] = segment .. ':' .. f[2]
end
-- Merged first: a count of several keys is a sum in the embedded broker.
local merged = P .. 'seg:merged'
redis.call('DEL', merged)
redis.call('PFMERGE', merged, unpack(counted))
local n = redis.call('PFCOUNT', merged)
redis.call('DEL', merged)
return n
