-- reap sees to what no worker sees to: it makes suspects of jobs whose lease has
-- run out, queues delayed jobs again, ends jobs whose deadline has passed, gives
-- back the raw commands that lost workers had taken, and forgets the oldest jobs
-- that have ended.
--
-- ARGV[2] crashes while alone after which a job is dead
-- ARGV[3] ms after which a silent worker is gone
-- ARGV[4] jobs to keep of those that have ended
-- ARGV[5] jobs to keep of those that are dead
-- ARGV[6] bytes of results to keep
-- ARGV[7] ids to keep of jobs that were forgotten
-- ARGV[8] Redis' time when it was sent, as the worker knows it from the time before;
--         nil for now
--
-- Whose lease has run out since it was sent is left alone: where Redis hung, it may be
-- the first that it does after that, before the beats that wait behind it.
--
-- Returns how many jobs it moved, whether there is more to do, 0 or 1, and the time. Any
-- number of workers may run it, at any time.
local mostCrashes, silence = tonumber(ARGV[2]), tonumber(ARGV[3])
local keepEnded, keepDead, keepBytes, keepGone = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local most = 100 -- of each kind in one call: a script holds up everybody
local at = now()
local sent = math.min(at, tonumber(ARGV[8] or at))
local moved, more = 0, 0

local function each(key, to, step)
  local ids = redis.call('ZRANGEBYSCORE', P .. key, '-inf', text(to), 'LIMIT', 0, most)
  for _, id in ipairs(ids) do
    redis.call('ZREM', P .. key, id)
    step(id)
  end
  moved = moved + #ids
  if #ids == most then more = 1 end
end

-- lost deals with a running job whose worker is silent. Who was alone with it
-- was lost because of it; else any of the worker's jobs may be to blame, and none
-- is punished before it has run alone.
local function lost(id)
  local job = P .. 'job:' .. id
  local f = redis.call('HMGET', job, 'state', 'cancel', 'deadline', 'crashes', 'alone')
  if f[1] ~= 'running' then return end
  leave(id)
  tally('lost')
  local crashes = tonumber(f[4]) + (f[5] == '1' and 1 or 0)
  redis.call('HSET', job, 'suspect', 1, 'crashes', crashes)
  if f[2] then
    finish(id, 'cancelled', '')
  elseif tonumber(f[3]) > 0 and tonumber(f[3]) <= at then
    finish(id, 'expired', 'the deadline passed while the command ran')
  elseif crashes >= mostCrashes then
    finish(id, 'dead', 'given up: it ran alone, and its worker was lost ' .. crashes .. ' times')
  else
    place(id)
  end
end

local function again(id)
  if redis.call('HGET', P .. 'job:' .. id, 'state') == 'delayed' then place(id) end
end

local function expire(id)
  local state = redis.call('HGET', P .. 'job:' .. id, 'state')
  if state == 'running' then
    leave(id)
    finish(id, 'expired', 'the deadline passed while the command ran')
  elseif waiting(state) then
    withdraw(id)
    finish(id, 'expired', 'the deadline passed before a worker was free')
  end
end

-- forget removes all that there is of the oldest jobs of a list: of those over a
-- number, of those whose results are over a number of bytes, and what is left of those
-- that Redis has let go.
local function forget(key, keep)
  local ids = redis.call('ZRANGE', P .. key, 0, most - 1)
  local over = redis.call('ZCARD', P .. key) - keep
  local forgotten = 0
  for i = 1, #ids do
    local bytes = tonumber(redis.call('HGET', P .. 'size', '') or '0')
    if i > over and bytes <= keepBytes and redis.call('EXISTS', P .. 'job:' .. ids[i]) == 1 then break end
    forgotten = i
    local f = redis.call('HMGET', P .. 'job:' .. ids[i], 'tenant', 'finished')
    if f[1] and f[2] then redis.call('ZADD', P .. 'gone', f[2], f[1] .. ':' .. ids[i]) end
    erase(ids[i])
    redis.call('ZREM', P .. key, ids[i])
  end
  if forgotten == most then more = 1 end
end

drainable()
each('lease', sent, lost)
each('delay', at, again)
each('due', at, expire)
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', P .. 'w', '-inf', text(sent - silence))) do
  local staging = P .. 'in:proc:' .. worker
  while redis.call('LLEN', staging) > 0 do redis.call('LMOVE', staging, P .. 'in', 'LEFT', 'RIGHT') end
  redis.call('HDEL', P .. 'data', worker)
end
-- A silent worker stays known for an hour: it may wake and take a command before
-- its first beat.
redis.call('ZREMRANGEBYSCORE', P .. 'w', '-inf', text(at - math.max(3600000, 2 * silence)))
forget('ended', keepEnded)
forget('dead', keepDead)
redis.call('ZREMRANGEBYSCORE', P .. 'gone', '-inf', text(at - 86400000))
redis.call('ZREMRANGEBYRANK', P .. 'gone', 0, -1 - keepGone)
redis.call('EXPIRE', P .. 'gone', 86400)
return { moved, more, at }
