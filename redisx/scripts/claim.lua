-- claim gives a worker up to k jobs that wait, and makes them running.
--
-- ARGV[2] worker                      ARGV[5] lease in ms
-- ARGV[3] nonce of this claim         ARGV[6] number of jobs that the worker runs now
-- ARGV[4] k                           ARGV[7] most running jobs of a tenant, 0 for any
-- ARGV[9] most bytes of payloads      ARGV[8] 1 for interactive jobs alone, else 0
-- ARGV[10] the worker's data, ''     ARGV[11] for what it was told that the queue's
--          to take no part                     data stands in, as standIn has it
--
-- Returns 'go', 'more', 'drain' or 'other', the epoch, and then id, token, payload, ms to
-- the deadline (0 for none) and '1' for a suspect of each job, in the order in
-- which they were taken. 'more' says that there may be more of them, for another
-- claim; 'drain' says that the worker should let its jobs end and ask again: it is
-- to run a suspect, or runs one, and that runs alone; 'other' that the queue has other
-- data than the worker, or stands in without its knowing, and it gets nothing.
--
-- It takes fewer when their payloads reach ARGV[9] bytes: what a job asks may be
-- much.
--
-- A suspect has its worker to itself. The first goes before queued jobs, which have a turn
-- between two of them; more run beside it on workers that have nothing else to do, as long
-- as one is left that runs none, and of those that were alone when a worker was lost no
-- two at a time. Classes take turns by weight, and tenants of a class in a ring. A job whose deadline has passed ends
-- here as expired. Sent twice with the same nonce, the second gives the same jobs.
local worker, nonce, k, lease, runs = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local cap, urgent, room, data = tonumber(ARGV[7]), ARGV[8] == '1', tonumber(ARGV[9]), ARGV[10]
local mine = P .. 'claim:' .. worker
local at = now()
local epoch = redis.call('GET', P .. 'epoch') or ''
local more = false

-- answer gives the jobs that are still those of this claim. Their leases begin
-- now, also where the answer is a repetition.
local function answer(ids)
  local out = { more and 'more' or 'go', epoch }
  for _, id in ipairs(ids) do
    local f = redis.call('HMGET', P .. 'job:' .. id, 'token', 'payload', 'deadline', 'alone', 'attempt', 'state')
    if f[6] == 'running' and f[1] == f[5] .. '-' .. nonce then
      redis.call('ZADD', P .. 'lease', text(at + lease), id)
      local left = 0
      if tonumber(f[3]) > 0 then left = math.max(1, tonumber(f[3]) - at) end
      for _, v in ipairs({ id, f[1], f[2], text(left), f[4] }) do out[#out + 1] = v end
    end
  end
  return out
end

-- start makes a waiting job running, if it still is of use.
local function start(id, alone)
  local job = P .. 'job:' .. id
  local f = redis.call('HMGET', job, 'tenant', 'deadline', 'attempt', 'payload', 'want')
  if tonumber(f[2]) > 0 and tonumber(f[2]) <= at then
    finish(id, 'expired', 'the deadline passed before a worker was free')
    return false
  end
  if f[5] and f[5] ~= data then
    refuse(id, f[5])
    return false
  end
  local attempt = tonumber(f[3]) + 1
  local token = attempt .. '-' .. nonce
  redis.call('HSET', job, 'state', 'running', 'attempt', attempt, 'token', token, 'counters', token, 'owner',
    worker, 'started', text(at), 'alone', alone, 'snapshot', data)
  redis.call('ZADD', P .. 'lease', text(at + lease), id)
  redis.call('SADD', P .. 'run:' .. f[1], id)
  tally('claimed')
  room = room - #f[4]
  return true
end

-- served moves a member of a ring to its next turn, or out of the ring.
local function served(ring, member, tag, step, more)
  redis.call('HSET', P .. 'vt', ring, tag)
  if more then
    redis.call('ZADD', P .. ring, string.format('%.6f', tonumber(tag) + step), member)
  else
    redis.call('ZREM', P .. ring, member)
  end
end

-- take gets the next id out of the queues; nil when there is none to run.
local function take()
  while true do
    local class = redis.call('ZRANGE', P .. 'ring', 0, 0, 'WITHSCORES')
    if urgent then class = { 'interactive', redis.call('ZSCORE', P .. 'ring', 'interactive') } end
    if not class[2] then return nil end
    local ring = 'ring:' .. class[1]
    local tenant = redis.call('ZRANGE', P .. ring, 0, 0, 'WITHSCORES')
    if not tenant[1] then
      redis.call('ZREM', P .. 'ring', class[1])
    elseif cap > 0 and redis.call('SCARD', P .. 'run:' .. tenant[1]) >= cap then
      redis.call('ZREM', P .. ring, tenant[1])
      redis.call('SADD', P .. 'held', class[1] .. ':' .. tenant[1])
    else
      local queue = P .. 'q:' .. class[1] .. ':' .. tenant[1]
      local popped = redis.call('ZPOPMIN', queue)
      if popped[1] then
        served(ring, tenant[1], tenant[2], 1, redis.call('EXISTS', queue) == 1)
        served('ring', class[1], class[2], 1 / weights[class[1]], true)
        return popped[1]
      end
      redis.call('ZREM', P .. ring, tenant[1])
    end
  end
end

-- takeSuspect starts the suspect that has waited longest, of the first hundred; mild says that it
-- must not be one that was alone when a worker was lost.
local function takeSuspect(mild)
  for _, id in ipairs(redis.call('ZRANGE', P .. 'suspect', 0, 99)) do
    if not (mild and redis.call('HGET', P .. 'job:' .. id, 'crashes') ~= '0') then
      redis.call('ZREM', P .. 'suspect', id)
      if start(id, 1) then
        alone(id)
        redis.call('SET', P .. 'rest', 1, 'EX', 60)
        return id
      end
    end
  end
end

-- beside says whether this worker runs a suspect, how many do, and whether one of these was
-- alone before when a worker was lost.
local function beside()
  local mine, n, grave = false, 0, false
  for _, id in ipairs(runAlone()) do
    local f = redis.call('HMGET', P .. 'job:' .. id, 'owner', 'crashes')
    n = n + 1
    mine, grave = mine or f[1] == worker, grave or f[2] ~= '0'
  end
  return mine, n, grave
end

-- spared says whether a worker that takes a suspect beside n leaves one that runs none. Those
-- count whose last sign of life is within a lease, and whose data is the queue's.
local function spared(n)
  local able = 0
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', P .. 'w', text(at - lease), '+inf')) do
    local has = string.match(redis.call('HGET', P .. 'data', other) or '', '^%d+:(.*)$') or ''
    if has == '' or has == queueData() then able = able + 1 end
  end
  return n + 1 < able
end

-- lane says what the worker should do about suspects while none runs: 'drain',
-- 'take' one, or nil. One worker at a time volunteers to drain; one that has
-- nothing to do takes a suspect without that.
local function lane()
  if redis.call('EXISTS', P .. 'suspect') == 0 then return nil end
  if runs == 0 then return 'take' end
  local volunteer = redis.call('GET', P .. 'quar')
  if volunteer and volunteer ~= worker then return nil end
  redis.call('SET', P .. 'quar', worker, 'PX', 3000)
  return 'drain'
end

local ids = {}

-- giveBack puts the jobs of a claim back whose reply was lost, for a worker that has
-- the queue's data: this one got other data meanwhile, or the queue did.
local function giveBack()
  for id in string.gmatch(redis.call('HGET', mine, 'ids') or '', '[^,]+') do
    local f = redis.call('HMGET', P .. 'job:' .. id, 'token', 'attempt', 'state')
    if f[3] == 'running' and f[1] == f[2] .. '-' .. nonce then
      leave(id)
      tally('released')
      place(id)
    end
  end
end

-- queued takes up to k jobs out of the queues.
local function queued()
  more = true
  -- Bounded: among jobs that have expired there may be none to start.
  for _ = 1, k + 200 do
    if #ids == k or room <= 0 then return end
    local id = take()
    if not id then
      more = false
      return
    end
    if start(id, 0) then ids[#ids + 1] = id end
  end
end

drainable()
local repeated = redis.call('HGET', mine, 'nonce') == nonce
-- The agreement.
if data ~= '' and (data ~= queueData() or ARGV[11] ~= standIn() or repeated and data ~= redis.call('HGET', mine, 'data')) then
  if repeated then giveBack() end
  return { 'other', epoch }
end
-- Behind the agreement.
if repeated then
  more = true
  for id in string.gmatch(redis.call('HGET', mine, 'ids'), '[^,]+') do ids[#ids + 1] = id end
  return answer(ids)
end
local mineRuns, alones, grave = beside()
local anyRuns = alones > 0
if mineRuns then return { 'drain', epoch } end
local rest = redis.call('EXISTS', P .. 'rest') == 1
if urgent then
  queued()
elseif anyRuns or rest then
  queued()
  if rest and (#ids > 0 or not anyRuns) then redis.call('DEL', P .. 'rest') end
end
if #ids == 0 and anyRuns and runs == 0 and not urgent and redis.call('EXISTS', P .. 'suspect') == 1 and spared(alones) then
  ids[1] = takeSuspect(grave)
elseif #ids == 0 and not anyRuns and not urgent then
  local way = lane()
  if way == 'drain' then return { 'drain', epoch } end
  if way == 'take' then ids[1] = takeSuspect() end
  if #ids == 0 then queued() end
end
if #ids > 0 then
  redis.call('HSET', mine, 'nonce', nonce, 'ids', table.concat(ids, ','), 'data', data)
  redis.call('EXPIRE', mine, 600)
end
return answer(ids)
