-- list gives the newest jobs of a tenant.
--
-- ARGV[2] tenant                      ARGV[3] how many at most
--
-- Returns their ids, the newest first. It looks at the last 10,000 jobs of all
-- tenants, which are those that are kept.
local tenant, most = ARGV[2], tonumber(ARGV[3])
local out = {}
for _, id in ipairs(redis.call('ZREVRANGE', P .. 'recent', 0, -1)) do
  if #out >= most then break end
  if redis.call('HGET', P .. 'job:' .. id, 'tenant') == tenant then out[#out + 1] = id end
end
return out
