-- claim gives a worker up to k queued jobs, and makes them running.
--
-- ARGV[2] worker                      ARGV[4] k
-- ARGV[3] nonce of this claim         ARGV[5] lease in ms
--
-- Returns id, token, payload of each, in the order in which they were taken.
-- Classes take turns by weight, and tenants of a class in a ring. Sent twice with
-- the same nonce, the second gives the same jobs.
local worker, nonce = ARGV[2], ARGV[3]
local mine = P .. 'claim:' .. worker
local weights = { interactive = 8, normal = 3, batch = 1 }

local function answer(ids)
  local out = {}
  for _, id in ipairs(ids) do
    local f = redis.call('HMGET', P .. 'job:' .. id, 'token', 'payload')
    if f[1] then
      out[#out + 1] = id
      out[#out + 1] = f[1]
      out[#out + 1] = f[2]
    end
  end
  return out
end

-- take gets the next id out of the queues; nil when all are empty.
local function take()
  while true do
    local class = redis.call('ZRANGE', P .. 'ring', 0, 0)[1]
    if not class then return nil end
    local ring = P .. 'ring:' .. class
    local tenant = redis.call('ZRANGE', ring, 0, 0)[1]
    if not tenant then
      redis.call('ZREM', P .. 'ring', class)
    else
      local popped = redis.call('ZPOPMIN', P .. 'q:' .. class .. ':' .. tenant)
      if popped[1] then
        redis.call('ZINCRBY', ring, 1, tenant)
        redis.call('ZINCRBY', P .. 'ring', 1 / weights[class], class)
        return popped[1]
      end
      redis.call('ZREM', ring, tenant)
    end
  end
end

-- start makes a queued job running, if it still is of use.
local function start(id, at)
  local job = P .. 'job:' .. id
  local f = redis.call('HMGET', job, 'state', 'deadline', 'attempt')
  if f[1] ~= 'queued' then return false end
  if tonumber(f[2]) > 0 and tonumber(f[2]) <= at then
    finish(job, 'expired', 'the deadline passed before a worker was free')
    return false
  end
  local attempt = tonumber(f[3]) + 1
  redis.call('HSET', job, 'state', 'running', 'attempt', attempt, 'token', attempt .. '-' .. nonce,
    'owner', worker, 'started', text(at))
  redis.call('ZADD', P .. 'lease', at + tonumber(ARGV[5]), id)
  return true
end

local ids = {}
if redis.call('HGET', mine, 'nonce') == nonce then
  for id in string.gmatch(redis.call('HGET', mine, 'ids'), '[^,]+') do ids[#ids + 1] = id end
  return answer(ids)
end
local at = now()
while #ids < tonumber(ARGV[4]) do
  local id = take()
  if not id then break end
  if start(id, at) then ids[#ids + 1] = id end
end
if #ids > 0 then
  redis.call('HSET', mine, 'nonce', nonce, 'ids', table.concat(ids, ','))
  redis.call('EXPIRE', mine, 600)
end
return answer(ids)
