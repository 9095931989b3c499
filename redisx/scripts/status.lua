-- status reads jobs and the counters of their present attempts, all at one
-- moment.
--
-- ARGV[2...] ids
--
-- Returns for each job its fields in the order below, its place among the first
-- hundred that wait with it, a job that runs alone before it, of a suspect, and of what is queued where no
-- worker is left for it meanwhile, and '1' where it runs alone itself; then its counters as field, value, field, value.
-- An unknown job has no state. A job that follows another shows how far that one is.
local out, places, before, held = {}, {}, nil, nil

-- placesIn gives the places of the first hundred that wait in a line.
local function placesIn(line)
  if not places[line] then
    places[line] = {}
    for i, id in ipairs(redis.call('ZRANGE', line, 0, 99)) do places[line][id] = text(i) end
  end
  return places[line]
end

local firstID = 2
for i = firstID, #ARGV do
  local job = P .. 'job:' .. ARGV[i]
  local f = redis.call('HMGET', job, 'state', 'tenant', 'class', 'attempt', 'token', 'owner', 'created',
    'started', 'finished', 'error', 'frames', 'payload', 'tries', 'crashes', 'deadline', 'sum', 'counters', 'source', 'leader', 'snapshot',
    'code')
  for k = 1, 24 do f[k] = f[k] or '' end
  local waits = ARGV[i]
  if f[1] == 'following' then
    local l = redis.call('HMGET', P .. 'job:' .. f[19], 'state', 'owner', 'started', 'counters', 'snapshot')
    waits = f[19]
    f[1], f[6], f[8], f[17], f[18], f[20] = l[1] or 'queued', l[2] or '', l[3] or '', l[4] or '', f[19], l[5] or ''
  end
  local line = f[1] == 'queued' and P .. 'q:' .. f[3] .. ':' .. f[2] or f[1] == 'suspect' and P .. 'suspect'
  if line then f[22] = placesIn(line)[waits] or '' end
  if f[1] == 'suspect' then
    before = before or runAlone()
    f[23] = before[1] or ''
  elseif f[1] == 'queued' then
    if held == nil then held = heldBy() or '' end
    f[23] = held
  end
  f[24] = f[1] == 'running' and redis.call('HGET', P .. 'job:' .. waits, 'alone') or ''
  if f[18] ~= '' then job = P .. 'job:' .. f[18] end
  local counters = {}
  if f[17] ~= '' then counters = redis.call('HGETALL', job .. ':p:' .. f[17]) end
  out[#out + 1] = { f, counters }
end
return out
