-- open lists the jobs of a tenant that have not ended: those that run, the longest first, those that
-- were set aside, and those that wait, the most urgent class first, each in its order.
--
-- ARGV[2] tenant                      ARGV[3] how many at most
--
-- Returns how many run and how many wait in the queues, then the ids. A job that follows another is
-- listed behind that. Of what was set aside it looks at the first 1,000.
local tenant, most = ARGV[2], tonumber(ARGV[3])
local running = redis.call('SMEMBERS', P .. 'run:' .. tenant)
local out = { #running, 0 }

local function list(id)
  if #out - 2 >= most then return end
  out[#out + 1] = id
  for _, follower in ipairs(redis.call('SMEMBERS', P .. 'flw:' .. id)) do
    if #out - 2 < most then out[#out + 1] = follower end
  end
end

local began, came = {}, {}
for _, id in ipairs(running) do
  local f = redis.call('HMGET', P .. 'job:' .. id, 'started', 'created')
  began[id], came[id] = tonumber(f[1] or '0') or 0, tonumber(f[2] or '0') or 0
end
table.sort(running, function(a, b)
  if began[a] ~= began[b] then return began[a] < began[b] end
  if came[a] ~= came[b] then return came[a] < came[b] end
  return a < b
end)
for _, id in ipairs(running) do list(id) end
for _, key in ipairs({ 'suspect', 'delay' }) do
  for _, id in ipairs(redis.call('ZRANGE', P .. key, 0, 999)) do
    if redis.call('HGET', P .. 'job:' .. id, 'tenant') == tenant then list(id) end
  end
end
for _, class in ipairs(classes) do
  local key = P .. 'q:' .. class .. ':' .. tenant
  out[2] = out[2] + redis.call('ZCARD', key)
  if #out - 2 < most then
    for _, id in ipairs(redis.call('ZRANGE', key, 0, most - #out + 1)) do list(id) end
  end
end
return out
