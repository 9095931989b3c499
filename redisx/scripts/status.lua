-- status reads jobs and the counters of their present attempts, all at one
-- moment.
--
-- ARGV[2...] ids
--
-- Returns for each job its fields in the order below, then its counters as
-- field, value, field, value. An unknown job has no state.
local out = {}
for i = 2, #ARGV do
  local job = P .. 'job:' .. ARGV[i]
  local f = redis.call('HMGET', job, 'state', 'tenant', 'class', 'attempt', 'token', 'owner', 'created',
    'started', 'finished', 'error', 'frames', 'payload', 'tries', 'crashes', 'deadline', 'sum', 'counters')
  for k = 1, 17 do f[k] = f[k] or '' end
  local counters = {}
  if f[17] ~= '' then counters = redis.call('HGETALL', job .. ':p:' .. f[17]) end
  out[#out + 1] = { f, counters }
end
return out
