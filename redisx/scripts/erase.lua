-- erase removes a job that has ended, and what attempts of it have written.
--
-- ARGV[2] id                          ARGV[3...] names of frames of its results, without
--                                                the prefix of all keys
--
-- Returns 1, or 0 when it has not ended. Safe to send twice.
local id = ARGV[2]
if redis.call('SISMEMBER', P .. 'open', id) == 1 then return 0 end
drainable()
erase(id)
redis.call('ZREM', P .. 'ended', id)
redis.call('ZREM', P .. 'dead', id)
for i = 3, #ARGV do redis.call('UNLINK', P .. ARGV[i]) end
return 1
