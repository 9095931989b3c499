-- lookup_commit makes a version of a lookup the one that everybody reads, unless there is
-- one. It needs no prelude.
--
-- KEYS[1] the lookup
-- ARGV[1] token of the version        ARGV[3] ms after which it goes
-- ARGV[2] a version that is known     ARGV[4...] fields and their values
--         to be broken, or ''
--
-- Returns the token of the version that is read from now on. Safe to send twice.
local token, there = ARGV[1], redis.call('HGET', KEYS[1], 'version')
if there and there ~= token and there ~= ARGV[2] then return there end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'version', token, unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return token
