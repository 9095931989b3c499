-- drop takes a published segment away.
--
-- ARGV[2] tenant                      ARGV[3] name
--
-- Returns 1, or 0 when there was none. Safe to send twice.
local tenant, name = ARGV[2], ARGV[3]
local segment = P .. 'seg:' .. tenant .. ':' .. name
local version = redis.call('HGET', segment, 'version')
redis.call('SREM', P .. 'segs', tenant .. ':' .. name)
if not version then return 0 end
redis.call('UNLINK', segment, segment .. ':' .. version)
return 1
