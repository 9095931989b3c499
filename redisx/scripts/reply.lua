-- reply leaves the answer to a request where the one who has asked waits for it.
--
-- ARGV[2] who has asked
-- ARGV[3] the answer, as JSON
-- ARGV[4] ms after which answers are gone that nobody reads
--
-- Sent twice, the answer is there twice: whoever waits takes the first.
local key = P .. 'answers:' .. ARGV[2]
redis.call('LPUSH', key, ARGV[3])
redis.call('LTRIM', key, 0, 63)
redis.call('PEXPIRE', key, ARGV[4])
return redis.status_reply('OK')
