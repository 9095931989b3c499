-- lookup_rows puts rows into buckets of a lookup, which are new or unfinished. It needs
-- no prelude.
--
-- KEYS    buckets
-- ARGV[1] ms after which they go
-- ARGV    then for each bucket: how many rows, and that many keys and rows by turns, at
--         most a thousand
--
-- An unfinished bucket has '-' under the empty name, which is no key. Safe to send twice,
-- also when the bucket has been finished meanwhile.
local at = 2
for _, bucket in ipairs(KEYS) do
  local n = 2 * tonumber(ARGV[at])
  if redis.call('EXISTS', bucket) == 0 then redis.call('HSET', bucket, '', '-') end
  redis.call('HSET', bucket, unpack(ARGV, at + 1, at + n))
  redis.call('PEXPIRE', bucket, ARGV[1])
  at = at + n + 1
end
return redis.status_reply('OK')
