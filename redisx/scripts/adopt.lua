-- adopt makes a job again that Redis has lost while a worker runs it.
--
-- ARGV[2] id                          ARGV[7] payload
-- ARGV[3] token of the attempt        ARGV[8] deadline from now in ms, 0 for none
-- ARGV[4] tenant                      ARGV[9] lease in ms
-- ARGV[5] class                       ARGV[10] worker
-- ARGV[6] priority                    ARGV[11] 1 when it runs alone, else 0
-- ARGV[12] the data that it runs over, '' when the worker does not say
-- ARGV[13] the data that it asks for, '' for the queue's
-- ARGV[14] ms since the worker has it: when it came is not known any more
--
-- Returns 'OK' when the job is this attempt's, 'TAKEN' when another has it.
-- Safe to send twice.
local id, token, tenant, class, priority = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local payload, patience, lease, worker, byItself = ARGV[7], ARGV[8], tonumber(ARGV[9]), ARGV[10], ARGV[11]
local job = P .. 'job:' .. id
local f = redis.call('HMGET', job, 'state', 'token')
if f[1] then return f[2] == token and 'OK' or 'TAKEN' end
drainable()
local at, deadline = now(), 0
if tonumber(patience) > 0 then deadline = at + tonumber(patience) end
local since = text(at - tonumber(ARGV[14] or '0'))
local score = text(priority * 1099511627776 + redis.call('INCR', P .. 'seq'))
redis.call('HSET', job, 'state', 'running', 'token', token, 'counters', token, 'tenant', tenant, 'class', class, 'score', score,
  'payload', payload, 'attempt', string.match(token, '^%d+'), 'tries', 0, 'crashes', 0, 'created', since,
  'started', since, 'deadline', text(deadline), 'patience', patience, 'owner', worker, 'alone', byItself,
  'snapshot', ARGV[12])
if ARGV[13] ~= '' then redis.call('HSET', job, 'want', ARGV[13]) end
if byItself == '1' then
  redis.call('HSET', job, 'suspect', 1)
  alone(id)
end
redis.call('SADD', P .. 'open', id)
redis.call('ZADD', P .. 'recent', since, id)
if deadline > 0 then redis.call('ZADD', P .. 'due', text(deadline), id) end
redis.call('ZADD', P .. 'lease', text(at + lease), id)
redis.call('SADD', P .. 'run:' .. tenant, id)
return 'OK'
