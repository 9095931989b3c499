-- lookup_whole finishes buckets of a lookup that have as many rows as they should: one
-- that was evicted, or that a server lost when it was started again, has not. It needs no
-- prelude.
--
-- KEYS    buckets
-- ARGV[1] ms after which they go
-- ARGV    then for each bucket how many rows it should have
--
-- Returns the numbers of those that have not, from 1. A finished bucket has '+' under
-- the empty name, and nobody reads from another. Safe to send twice.
local odd = {}
for i, bucket in ipairs(KEYS) do
  local rows = tonumber(ARGV[i + 1])
  if rows == 0 or redis.call('HLEN', bucket) == rows + 1 then
    redis.call('HSET', bucket, '', '+')
    redis.call('PEXPIRE', bucket, ARGV[1])
  else
    odd[#odd + 1] = i
  end
end
return odd
