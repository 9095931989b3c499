-- move gives the queue the data that a worker has from now on: answers come from that
-- alone, and stand in for nothing. Jobs that run go on over theirs. The other workers look at once what they have.
--
-- ARGV[2] worker                      ARGV[5] what answers depend on beside the
-- ARGV[3] number of this move, larger         commands, '' to keep none
--         than those of its earlier   ARGV[6] what it says of its data, '' for
-- ARGV[4] the data                            nothing
-- ARGV[7] lease in ms
--
-- Returns 'OK', 'SAME' when the queue has it already, or the number of a later move of this worker; then nothing has
-- changed. Sent twice, the second changes nothing.
local worker, number, data, serves, schema = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6]
local lease = tonumber(ARGV[7])
local mine, kept = P .. 'claim:' .. worker, 60000
local last = tonumber(redis.call('HGET', mine, 'moves') or '0')
if last > number then return text(last) end
if last == number then return 'OK' end
drainable()
redis.call('HSET', mine, 'moves', text(number))
redis.call('EXPIRE', mine, 600)
has(worker, lease, data)
local same = queueData() == data
if not same then tally('moved') end
redis.call('DEL', P .. 'standin')
redis.call('SET', P .. 'snapshot', data, 'PX', kept)
redis.call('DEL', P .. 'serves')
if serves ~= '' then redis.call('SET', P .. 'serves', serves, 'PX', kept) end
if schema ~= '' then redis.call('SET', P .. 'schema', schema, 'PX', kept) end
bell()
redis.call('PUBLISH', P .. 'ctl', '')
return same and 'SAME' or 'OK'
