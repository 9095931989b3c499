-- beat renews the leases of a worker's jobs, and tells it what became of them.
--
-- ARGV[2] worker                      ARGV[5] what its answers depend on beside
-- ARGV[3] lease in ms                         the commands, '' to keep none
-- ARGV[4] epoch to set when there     ARGV[6] its data, '' to take no part
--         is none                     ARGV[7] number of its last move
-- ARGV[8] '1' when the queue may get  ARGV[9...] id and token of each job
--         its data, or the epoch at
--         which it may
--
-- The queue gets the data of a worker when it has none, or when no living worker has
-- the queue's. Then the answers in the cache are those for that data.
--
-- Returns the epoch, the queue's data, 1 when that was changed here, else 0, and
-- for each job 1 when it is the worker's, 2 when it is
-- and should be cancelled, 0 when another attempt has it, it has ended, or
-- Redis does not know it. Safe to send twice. What a beat that was held up on its
-- way says of data from before a move is not heeded.
local worker, lease, fresh, serves = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local data, moves, may = ARGV[6], tonumber(ARGV[7]), ARGV[8]
local kept = 60000 -- ms that it stays what workers say of themselves
drainable()
local at = now()
redis.call('ZADD', P .. 'w', at, worker)
redis.call('SET', P .. 'epoch', fresh, 'NX')
local epoch = redis.call('GET', P .. 'epoch')
local took = 0

-- agree says what data the worker has, and gives that of the queue.
local function agree()
  local queue = queueData()
  if data == '' or tonumber(redis.call('HGET', P .. 'claim:' .. worker, 'moves') or '0') > moves then return queue end
  has(worker, lease, data)
  if queue ~= data and (may == '1' or may == epoch) and (queue == '' or not living(queue)) then
    took, queue = 1, data
    redis.call('SET', P .. 'snapshot', data)
    redis.call('DEL', P .. 'serves')
    tally('moved')
  end
  redis.call('PEXPIRE', P .. 'snapshot', kept)
  return queue
end

local queue = agree()
local out = { epoch, queue, took }
if serves ~= '' and (data == '' or data == queue) then redis.call('SET', P .. 'serves', serves, 'PX', kept) end
for i = 9, #ARGV, 2 do
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
