-- reap ends or requeues the jobs whose lease has run out, and gives back the raw
-- commands that lost workers had taken.
--
-- ARGV[2] crashes after which a job is dead
-- ARGV[3] ms after which a silent worker is gone
--
-- Returns the number of jobs that it moved, at most 100. Any number of workers
-- may run it.
local at = now()

local function reap(id)
  local job = P .. 'job:' .. id
  local f = redis.call('HMGET', job, 'state', 'cancel', 'deadline', 'crashes', 'class', 'tenant', 'score')
  if f[1] ~= 'running' then return end
  local crashes = tonumber(f[4]) + 1
  redis.call('HSET', job, 'crashes', crashes, 'token', '')
  if f[2] then
    finish(job, 'cancelled', '')
  elseif tonumber(f[3]) > 0 and tonumber(f[3]) <= at then
    finish(job, 'expired', 'the deadline passed while the command ran')
  elseif crashes >= tonumber(ARGV[2]) then
    finish(job, 'dead', 'given up: its worker was lost ' .. crashes .. ' times')
    redis.call('ZADD', P .. 'dead', at, id)
    redis.call('ZREMRANGEBYRANK', P .. 'dead', 0, -10001)
  else
    redis.call('HSET', job, 'state', 'queued')
    queue(id, f[5], f[6], f[7])
  end
end

local late = redis.call('ZRANGEBYSCORE', P .. 'lease', '-inf', text(at), 'LIMIT', 0, 100)
for _, id in ipairs(late) do
  redis.call('ZREM', P .. 'lease', id)
  reap(id)
end

local gone = redis.call('ZRANGEBYSCORE', P .. 'w', '-inf', text(at - tonumber(ARGV[3])), 'LIMIT', 0, 100)
for _, worker in ipairs(gone) do
  local staging = P .. 'in:proc:' .. worker
  while redis.call('LLEN', staging) > 0 do redis.call('LMOVE', staging, P .. 'in', 'LEFT', 'RIGHT') end
  redis.call('ZREM', P .. 'w', worker)
end
return #late
