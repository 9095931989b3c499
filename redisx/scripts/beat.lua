-- beat renews the leases of a worker's jobs, and tells it what became of them.
--
-- ARGV[2] worker                      ARGV[5] what its answers depend on beside
-- ARGV[3] lease in ms                         the commands, '' to keep none
-- ARGV[4] epoch to set when there     ARGV[6] its data, '' to take no part
--         is none                     ARGV[7] number of its last move
-- ARGV[8] '1' when the queue may get  ARGV[9] for what it was told that the queue's
--         its data, or the epoch at           data stands in, as standIn has it
--         which it may                ARGV[10...] id and token of each job
--
-- The queue gets the data of a worker when it has none, or when no living worker has
-- the queue's. Then the answers in the cache are those for that data, and when the worker
-- had waited with other data, that stands in for what the queue had. Each answer says so:
-- a worker that does not know of it claims nothing.
--
-- Returns the epoch, the queue's data, 1 when that was changed here, else 0, what
-- standIn gives, and for each job 1 when it is the worker's, 2 when it is
-- and should be cancelled, 0 when another attempt has it, it has ended, or
-- Redis does not know it. Safe to send twice. What a beat that was held up on its
-- way says of data from before a move is not heeded.
local worker, lease, fresh, serves = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local data, moves, may, told = ARGV[6], tonumber(ARGV[7]), ARGV[8], ARGV[9]
local kept = 60000 -- ms that it stays what workers say of themselves
drainable()
local at = now()
redis.call('ZADD', P .. 'w', at, worker)
redis.call('SET', P .. 'epoch', fresh, 'NX')
local epoch = redis.call('GET', P .. 'epoch')
local took = 0

-- instead has a worker's data stand in for what the queue had before, if anybody is to hear of
-- that: who starts with other data is not one who waited, and what comes back stands in for nothing.
local function instead(waited, before)
  before = string.match(standIn(), ':(.*):') or before
  if waited and before ~= '' and before ~= data then
    redis.call('SET', P .. 'standin', text(at) .. ':' .. before .. ':' .. data)
    redis.call('PUBLISH', P .. 'ctl', '')
  else
    redis.call('DEL', P .. 'standin')
  end
end

-- agree says what data the worker has, and gives that of the queue.
local function agree()
  local queue = queueData()
  if data == '' or tonumber(redis.call('HGET', P .. 'claim:' .. worker, 'moves') or '0') > moves then return queue end
  local waited = redis.call('HGET', P .. 'data', worker)
  has(worker, lease, data)
  if queue ~= data and (may == '1' or may == epoch) and (queue == '' or not living(queue)) then
    instead(waited, queue)
    took, queue = 1, data
    redis.call('SET', P .. 'snapshot', data)
    redis.call('DEL', P .. 'serves')
    tally('moved')
  end
  redis.call('PEXPIRE', P .. 'standin', kept)
  redis.call('PEXPIRE', P .. 'snapshot', kept)
  return queue
end

local queue = agree()
local present = standIn()
local out = { epoch, queue, took, present }
if serves ~= '' and (data == '' or data == queue and told == present) then
  redis.call('SET', P .. 'serves', serves, 'PX', kept)
end
for i = 10, #ARGV, 2 do
  local id, token = ARGV[i], ARGV[i + 1]
  local f = redis.call('HMGET', P .. 'job:' .. id, 'token', 'state', 'cancel')
  if f[1] == token and f[2] == 'running' then
    redis.call('ZADD', P .. 'lease', text(at + lease), id)
    out[#out + 1] = f[3] and 2 or 1
  else
    out[#out + 1] = 0
  end
end
return out
