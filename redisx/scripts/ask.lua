-- ask leaves a request for whichever worker is free first, and tells all of them that it takes the
-- place of an older one.
--
-- ARGV[2] who asks, [3] the operation, and [4] the number of the request: these, with spaces
--         between them, are what workers are told
-- ARGV[5] the request, as JSON
-- ARGV[6] ms after which requests are gone that no worker takes
--
-- Nothing depends on a request: the latest come first, and the oldest of more than 64 go. Sent
-- twice, it may be answered twice, the second time to nobody.
redis.call('LPUSH', P .. 'ask', '{"at":' .. text(now()) .. ',"request":' .. ARGV[5] .. '}')
redis.call('LTRIM', P .. 'ask', 0, 63)
redis.call('PEXPIRE', P .. 'ask', ARGV[6])
redis.call('PUBLISH', P .. 'ask', ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
return redis.status_reply('OK')
