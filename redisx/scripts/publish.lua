-- publish puts a new version of a segment in the place of the old, if this attempt
-- still has its job.
--
-- ARGV[2] id of the job               ARGV[6] ms after which it goes, 0 for never
-- ARGV[3] token of the attempt, and   ARGV[7...] fields of the segment and their
--         version of the data                    values
-- ARGV[4] tenant                      ARGV[5] name of the segment
-- The first two of the fields are kind and count.
--
-- Returns the time of the publication, 'FENCED', or 'NODATA' when there should be data
-- and there is none: it was discarded, or has waited too long. Sent twice, the second
-- changes nothing but the time.
local id, token, tenant, name, life = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local count, fields = ARGV[10], 7
local f = redis.call('HMGET', P .. 'job:' .. id, 'token', 'state')
if f[1] ~= token or f[2] ~= 'running' then return fenced() end
local segment = P .. 'seg:' .. tenant .. ':' .. name
local data = segment .. ':' .. token
if count ~= '0' and redis.call('EXISTS', data) == 0 then return 'NODATA' end
local at = text(now())
local old = redis.call('HGET', segment, 'version')
redis.call('DEL', segment)
redis.call('HSET', segment, 'version', token, 'job', id, 'at', at, unpack(ARGV, fields))
for _, key in ipairs({ segment, data }) do
  if life == '0' then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, life) end
end
redis.call('SADD', P .. 'segs', tenant .. ':' .. name)
if old and old ~= token then redis.call('UNLINK', segment .. ':' .. old) end
return at
