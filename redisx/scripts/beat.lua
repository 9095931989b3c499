-- beat renews the leases of a worker's jobs, and tells it what became of them.
--
-- ARGV[2] worker                      ARGV[5] what its answers depend on beside
-- ARGV[3] lease in ms                         the commands, '' to keep none
-- ARGV[4] epoch to set when there     ARGV[6...] id and token of each job
--         is none
--
-- Returns the epoch, and for each job 1 when it is the worker's, 2 when it is
-- and should be cancelled, 0 when another attempt has it, it has ended, or
-- Redis does not know it. Safe to send twice.
local worker, lease, fresh, serves = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
drainable()
local at = now()
redis.call('ZADD', P .. 'w', at, worker)
redis.call('SET', P .. 'epoch', fresh, 'NX')
local out = { redis.call('GET', P .. 'epoch') }
if serves ~= '' then redis.call('SET', P .. 'serves', serves, 'PX', 60000) end
for i = 6, #ARGV, 2 do
  local id, token = ARGV[i], ARGV[i + 1]
  local f = redis.call('HMGET', P .. 'job:' .. id, 'token', 'state', 'cancel')
  if f[1] == token and f[2] == 'running' then
    redis.call('ZADD', P .. 'lease', text(at + lease), id)
    out[#out + 1] = f[3] and 2 or 1
  else
    out[#out + 1] = 0
  end
end
return out
