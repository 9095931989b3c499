-- enqueue makes a job of a command and puts it in its queue.
--
-- ARGV[2] id of the job               ARGV[8] most jobs in this queue, 0 for any number
-- ARGV[3] tenant                      ARGV[9] most jobs in all, 0 for any number
-- ARGV[4] class                       ARGV[10] staging list to take the raw command
-- ARGV[5] priority                             from, or ''
-- ARGV[6] payload                     ARGV[11] the raw command
-- ARGV[7] deadline from now in ms, 0 for none
-- ARGV[12] what the command asks, '' when nobody else may have the answer
-- ARGV[13] the data that its answer is to come from, '' for the queue's
-- ARGV[14...] under what its answer may be in the cache
--
-- A command whose answer is in the cache is done at once. One that another job
-- with the same ARGV[12] is at work on follows that job, unless that one runs over
-- data that the queue had before. One that asks for other data than the queue's, or
-- for data that no living worker has, fails: at once if it comes from a staging list,
-- else it becomes no job.
--
-- Returns 'OK', 'DUP:<state>' when there is a job with this id, 'BUSY' when the
-- queue is full, 'FULL' when all of Redis is, or 'OTHER:<why>' when it asks for other
-- data; then nothing has changed.
-- Sent twice, the second is a DUP.
local id, tenant, class, priority, payload = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
local patience, mostQueued, mostOpen = ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
local staging, raw, ask, want, firstCached = ARGV[10], ARGV[11], ARGV[12], ARGV[13], 14
local job = P .. 'job:' .. id

local function taken()
  if staging ~= '' then redis.call('LREM', staging, 1, raw) end
end

local function reached(size, most)
  return most > 0 and size >= most
end

local state = redis.call('HGET', job, 'state')
if state then
  taken()
  return 'DUP:' .. state
end

local other = want ~= '' and (want ~= queueData() or not living(want))
if other and staging == '' then return 'OTHER:' .. otherData(want) end

-- kept gives the answer that is in the cache: its SHA-256 and its bytes.
local function kept()
  local serves = not other and #ARGV >= firstCached and redis.call('GET', P .. 'serves')
  for i = firstCached, serves and #ARGV or 0 do
    local entry = redis.call('GET', P .. 'cache:' .. redis.sha1hex(serves .. ARGV[i]))
    if entry then return string.sub(entry, 1, 64), string.sub(entry, 65) end
  end
end

-- leader gives the job that is at work on the same, nil for none.
local function leader()
  local first = ask ~= '' and redis.call('GET', P .. 'flight:' .. ask)
  if other or not first then return nil end
  local f = redis.call('HMGET', P .. 'job:' .. first, 'state', 'snapshot')
  local old = f[2] and f[2] ~= '' and f[2] ~= queueData()
  if f[1] == 'queued' or f[1] == 'delayed' or f[1] == 'running' and not old then return first end
end

local sum, answer = kept()
local before = not answer and leader()
if not answer and not before and reached(redis.call('ZCARD', P .. 'q:' .. class .. ':' .. tenant), mostQueued) then return 'BUSY' end
if not answer and reached(redis.call('SCARD', P .. 'open'), mostOpen) then return 'FULL' end

local created, deadline = now(), 0
if tonumber(patience) > 0 then deadline = created + tonumber(patience) end
-- Exact in a double: priorities are small, and arrivals stay below 2^40.
local score = text(priority * 1099511627776 + redis.call('INCR', P .. 'seq'))
redis.call('HSET', job, 'tenant', tenant, 'class', class, 'score', score, 'payload', payload, 'attempt', 0,
  'tries', 0, 'crashes', 0, 'created', text(created), 'deadline', text(deadline), 'patience', patience, 'flight', ask)
if want ~= '' then redis.call('HSET', job, 'want', want) end
tally('submitted')
redis.call('SADD', P .. 'open', id)
redis.call('ZADD', P .. 'recent', created, id)
redis.call('ZREMRANGEBYRANK', P .. 'recent', 0, -10001)
if deadline > 0 then redis.call('ZADD', P .. 'due', text(deadline), id) end
if redis.call('DEL', P .. 'cancel:' .. id) == 1 then
  finish(id, 'cancelled', '')
elseif other then
  refuse(id, want)
elseif answer then
  tally('cached')
  redis.call('SET', P .. 'res:' .. id .. ':cache:0', answer, 'EX', 86400)
  redis.call('HSET', job, 'source', 'cache', 'token', 'cache', 'frames', 1, 'sum', sum, 'snapshot', queueData())
  finish(id, 'done', '')
elseif before then
  tally('shared')
  follow(id, before)
else
  if ask ~= '' then lead(id, ask) end
  place(id)
end
taken()
return 'OK'
