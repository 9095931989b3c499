-- beat renews the leases of a worker's jobs, and tells it what became of them.
--
-- ARGV[2] worker                      ARGV[4...] id and token of each job
-- ARGV[3] lease in ms
--
-- Returns for each job 1 when it is the worker's, 2 when it is and should be
-- cancelled, 0 when another attempt has it or it has ended. Safe to send twice.
local at = now()
redis.call('ZADD', P .. 'w', at, ARGV[2])
local out = {}
for i = 4, #ARGV, 2 do
  local f = redis.call('HMGET', P .. 'job:' .. ARGV[i], 'token', 'state', 'cancel')
  if f[1] == ARGV[i + 1] and f[2] == 'running' then
    redis.call('ZADD', P .. 'lease', at + tonumber(ARGV[3]), ARGV[i])
    out[#out + 1] = f[3] and 2 or 1
  else
    out[#out + 1] = 0
  end
end
return out
