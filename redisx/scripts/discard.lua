-- discard takes away the data of a version that is not published.
--
-- ARGV[2] tenant                      ARGV[4] the version
-- ARGV[3] name of the segment
--
-- Returns 1, or 0 when there is nothing to take away, or when it is the segment's by
-- now: whose publication was in doubt may not know. Safe to send twice.
local tenant, name, version = ARGV[2], ARGV[3], ARGV[4]
local segment = P .. 'seg:' .. tenant .. ':' .. name
if redis.call('HGET', segment, 'version') == version then return 0 end
return redis.call('UNLINK', segment .. ':' .. version)
