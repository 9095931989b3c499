-- roster tells of the workers that have given a sign of life lately.
--
-- ARGV[2] ms after which a silent worker is not told of any more
--
-- Returns the epoch, the queue's data, what standIn gives, how many listen for requests at
-- this moment, and of each worker its name, the ms since its last sign of life, its
-- lease:data, what it tells of its memory, of the age of its data, and of that data
-- itself, and how many jobs it runs, of the first 1,000 that run. What is not told is ''.
-- Who listens is told that somebody counts: a request without a name is none.
local at = now()
local jobs = {}
for _, id in ipairs(redis.call('ZRANGE', P .. 'lease', 0, 999)) do
  local owner = redis.call('HGET', P .. 'job:' .. id, 'owner')
  if owner then jobs[owner] = (jobs[owner] or 0) + 1 end
end
local out = { redis.call('GET', P .. 'epoch') or '', queueData(), standIn(), redis.call('PUBLISH', P .. 'ask', '') }
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', P .. 'w', text(at - tonumber(ARGV[2])), '+inf')) do
  local told = redis.call('HMGET', P .. 'columns', worker, worker .. ' age', worker .. ' data')
  local quiet = math.max(0, at - tonumber(redis.call('ZSCORE', P .. 'w', worker)))
  for _, v in ipairs({ worker, text(quiet), redis.call('HGET', P .. 'data', worker) or '',
    told[1] or '', told[2] or '', told[3] or '', text(jobs[worker] or 0) }) do out[#out + 1] = v end
end
return out
