-- prelude stands before every script. ARGV[1] is the prefix of all keys, and
-- KEYS[1] any key of the namespace: a cluster finds the node by it.
local P = ARGV[1]
local classes = { 'interactive', 'normal', 'batch' }
local weights = { interactive = 8, normal = 3, batch = 1 }

-- now is Redis' time in milliseconds, the only clock of the protocol.
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- text writes a number without an exponent.
local function text(n) return string.format('%.0f', n) end

-- drainable makes a script run where Redis is short of memory. Redis refuses its
-- writes then, unless the first of them is one that can only free some. Work that
-- is there already must be able to finish all the same.
local function drainable() redis.call('DEL', P .. 'none') end

-- tally counts something that happened. It follows a change of state, so that
-- what is sent twice counts once.
local function tally(what, n) redis.call('HINCRBY', P .. 'tally', what, n or 1) end

-- fenced refuses a step of an attempt that does not have the job any more.
local function fenced()
  drainable()
  tally('fenced')
  return 'FENCED'
end

-- queueData names the data that answers come from, '' when no worker has said.
local function queueData() return redis.call('GET', P .. 'snapshot') or '' end

-- standIn gives AT:BEFORE:DATA when the queue's data, DATA, has stood in since AT for
-- BEFORE, which no living worker had any more; '' when it does not.
local function standIn()
  local s = redis.call('GET', P .. 'standin') or ''
  if string.match(s, '[^:]*$') == queueData() then return s end
  return ''
end

-- living says whether a worker that has this data has given a sign of life within its
-- lease.
local function living(data)
  local at, all = now(), redis.call('HGETALL', P .. 'data')
  for i = 1, #all, 2 do
    local lease, name = string.match(all[i + 1], '^(%d+):(.*)$')
    local beat = name == data and redis.call('ZSCORE', P .. 'w', all[i])
    if beat and at - tonumber(beat) <= tonumber(lease) then return true end
  end
  return false
end

-- has notes what data a worker has, for a minute after the last sign of life of any.
local function has(worker, lease, data)
  redis.call('HSET', P .. 'data', worker, text(lease) .. ':' .. data)
  redis.call('PEXPIRE', P .. 'data', 60000)
end

-- otherData says why a command is not answered that asks for some data.
local function otherData(want)
  local queue = queueData()
  if queue == '' or queue == want then return 'no worker has the data ' .. want end
  if living(want) then
    return 'a worker has the data ' .. want .. ', but answers nothing, since all answers come from ' .. queue
  end
  return 'the workers answer from the data ' .. queue .. ', not from ' .. want
end

-- bell wakes a worker.
local function bell()
  redis.call('LPUSH', P .. 'bell', 1)
  redis.call('LTRIM', P .. 'bell', 0, 63)
end

-- join puts a newcomer into a ring. The members of a ring take turns by virtual
-- time: a member's tag is when its next job is due, and vt holds the tag of the
-- job that was served last. Who joins is due one step after that, so that
-- neither coming late nor coming again and again gains anything.
local function join(ring, member, step)
  if redis.call('ZSCORE', P .. ring, member) then return end
  local present = tonumber(redis.call('HGET', P .. 'vt', ring) or '0')
  redis.call('ZADD', P .. ring, string.format('%.6f', present + step), member)
end

-- enter puts a queue that is not empty into the rings.
local function enter(class, tenant)
  join('ring:' .. class, tenant, 1)
  join('ring', class, 1 / weights[class])
  bell()
end

-- place puts a job where it waits for a worker: among the suspects when a worker
-- was lost with it, else in its queue.
local function place(id)
  local job = P .. 'job:' .. id
  local f = redis.call('HMGET', job, 'class', 'tenant', 'score', 'suspect')
  if f[4] then
    redis.call('HSET', job, 'state', 'suspect', 'token', '', 'counters', '')
    redis.call('ZADD', P .. 'suspect', now(), id)
    bell()
    return 'suspect'
  end
  redis.call('HSET', job, 'state', 'queued', 'token', '', 'counters', '')
  redis.call('ZADD', P .. 'q:' .. f[1] .. ':' .. f[2], f[3], id)
  enter(f[1], f[2])
  return 'queued'
end

-- alone notes that a job runs alone. Workers of versions before look at xrun, and let one run at a time.
local function alone(id)
  redis.call('SADD', P .. 'alone', id)
  redis.call('EXPIRE', P .. 'alone', 86400)
  redis.call('SET', P .. 'xrun', id, 'EX', 86400)
end

-- runAlone gives the jobs that run alone, in the order of their ids. Of those that do not any more it gives none.
local function runAlone()
  local ids, out = redis.call('SMEMBERS', P .. 'alone'), {}
  local last = redis.call('GET', P .. 'xrun')
  if last and redis.call('SISMEMBER', P .. 'alone', last) == 0 then ids[#ids + 1] = last end
  for _, id in ipairs(ids) do
    local f = redis.call('HMGET', P .. 'job:' .. id, 'state', 'alone')
    if f[1] == 'running' and f[2] == '1' then out[#out + 1] = id end
  end
  table.sort(out)
  return out
end

-- heldBy gives a job that runs alone, where nothing that is queued can start before such a one has ended: all workers that
-- could take it have one. Those count whose last sign of life is within their lease, and whose data is the queue's.
local function heldBy()
  local ids, owners, at = runAlone(), {}, now()
  if #ids == 0 then return nil end
  for _, id in ipairs(ids) do owners[redis.call('HGET', P .. 'job:' .. id, 'owner') or ''] = true end
  local beats = redis.call('ZRANGEBYSCORE', P .. 'w', text(at - 60000), '+inf', 'WITHSCORES')
  for i = 1, #beats, 2 do
    local lease, name = string.match(redis.call('HGET', P .. 'data', beats[i]) or '', '^(%d+):(.*)$')
    local able = (name or '') == '' or name == queueData()
    if able and not owners[beats[i]] and at - tonumber(beats[i + 1]) <= tonumber(lease or '15000') then return nil end
  end
  return ids[1]
end

-- waiting says whether a job in this state waits for something and has no worker.
local function waiting(state)
  return state == 'queued' or state == 'delayed' or state == 'suspect' or state == 'following'
end

-- withdraw takes a job from where it waits. Its state is not changed.
local function withdraw(id)
  local f = redis.call('HMGET', P .. 'job:' .. id, 'class', 'tenant', 'leader')
  if f[3] then redis.call('SREM', P .. 'flw:' .. f[3], id) end
  redis.call('ZREM', P .. 'q:' .. f[1] .. ':' .. f[2], id)
  redis.call('ZREM', P .. 'delay', id)
  redis.call('ZREM', P .. 'suspect', id)
end

-- leave ends the running of a job, whatever comes next. A tenant that was
-- held at its cap may go on.
local function leave(id)
  local tenant = redis.call('HGET', P .. 'job:' .. id, 'tenant')
  redis.call('SREM', P .. 'alone', id)
  redis.call('ZREM', P .. 'lease', id)
  redis.call('SREM', P .. 'run:' .. tenant, id)
  if redis.call('EXISTS', P .. 'held') == 0 then return end
  for _, class in ipairs(classes) do
    if redis.call('SREM', P .. 'held', class .. ':' .. tenant) == 1 then enter(class, tenant) end
  end
end

-- follow makes a job wait for the outcome of another, which asks the same.
local function follow(id, leader)
  redis.call('HSET', P .. 'job:' .. id, 'state', 'following', 'leader', leader, 'token', '', 'counters', '')
  redis.call('SADD', P .. 'flw:' .. leader, id)
end

-- lead makes a job the one that others follow which ask the same from now on.
local function lead(id, flight)
  redis.call('SET', P .. 'flight:' .. flight, id, 'EX', 3600)
end

local finish

-- refuse fails a job that asks for other data than the queue's.
local function refuse(id, want)
  redis.call('HSET', P .. 'job:' .. id, 'code', 'other-snapshot')
  finish(id, 'failed', otherData(want))
end

-- share gives the jobs that follow one its outcome. An end that was meant for
-- that job alone is not theirs: the first of them takes its place.
local function share(id, state, reason)
  local followers = redis.call('SMEMBERS', P .. 'flw:' .. id)
  if #followers == 0 then return end
  redis.call('DEL', P .. 'flw:' .. id)
  local f = redis.call('HMGET', P .. 'job:' .. id, 'token', 'counters', 'frames', 'sum', 'suspect', 'snapshot', 'code')
  for i, other in ipairs(followers) do
    local job = P .. 'job:' .. other
    redis.call('HDEL', job, 'leader')
    if state == 'cancelled' or state == 'expired' then
      if i == 1 then
        lead(other, redis.call('HGET', job, 'flight'))
        place(other)
      else
        follow(other, followers[1])
      end
    else
      if f[5] then redis.call('HSET', job, 'suspect', 1) end
      redis.call('HSET', job, 'source', id, 'token', f[1] or '', 'counters', f[2] or '', 'frames', f[3] or '0', 'sum', f[4] or '',
        'snapshot', f[6] or '', 'code', f[7] or '')
      finish(other, state, reason)
    end
  end
end

-- finish gives a job its final state and tells who listens. A job can be read for
-- a day after its end, a dead one for thirty.
finish = function(id, state, reason)
  local job = P .. 'job:' .. id
  local at = text(now())
  local started = tonumber(redis.call('HGET', job, 'started') or '')
  tally(state)
  if started then tally('run_ms', text(math.max(0, at - started))) end
  redis.call('SREM', P .. 'open', id)
  redis.call('ZREM', P .. 'due', id)
  redis.call('HSET', job, 'state', state, 'error', reason, 'finished', at)
  redis.call('EXPIRE', job, state == 'dead' and 2592000 or 86400)
  redis.call('ZADD', P .. (state == 'dead' and 'dead' or 'ended'), at, id)
  redis.call('XADD', P .. 'ev', 'MAXLEN', '~', 10000, '*', 'id', id, 'state', state)
  share(id, state, reason)
end

-- erase removes all that there is of a job that has ended, but where lists name it by
-- when it ended.
local function erase(id)
  local bytes = redis.call('HGET', P .. 'size', id)
  if bytes then
    redis.call('HDEL', P .. 'size', id)
    if redis.call('HINCRBY', P .. 'size', '', -bytes) == 0 then redis.call('DEL', P .. 'size') end
  end
  local job = P .. 'job:' .. id
  local f = redis.call('HMGET', job, 'token', 'frames', 'counters')
  local gone = { job }
  if f[1] and f[1] ~= '' then
    gone[2], gone[3] = job .. ':p:' .. f[1], job .. ':p:' .. (f[3] or '')
    for n = 0, tonumber(f[2] or '0') - 1 do gone[#gone + 1] = P .. 'res:' .. id .. ':' .. f[1] .. ':' .. n end
  end
  redis.call('UNLINK', unpack(gone))
  redis.call('ZREM', P .. 'recent', id)
end
