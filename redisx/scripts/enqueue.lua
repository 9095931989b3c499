-- enqueue makes a job of a command and puts it in its queue.
--
-- ARGV[2] id of the job               ARGV[7] deadline from now in ms, 0 for none
-- ARGV[3] tenant                      ARGV[8] most jobs in this queue
-- ARGV[4] class                       ARGV[9] staging list to take the raw command from, or ''
-- ARGV[5] priority                    ARGV[10] the raw command
-- ARGV[6] payload
--
-- Returns 'OK', 'DUP:<state>' when there is a job with this id, or 'BUSY' when
-- the queue is full; BUSY leaves the raw command where it is.
-- Sent twice, the second is a DUP.
local id, tenant, class = ARGV[2], ARGV[3], ARGV[4]
local job = P .. 'job:' .. id

local function taken()
  if ARGV[9] ~= '' then redis.call('LREM', ARGV[9], 1, ARGV[10]) end
end

local state = redis.call('HGET', job, 'state')
if state then
  taken()
  return 'DUP:' .. state
end
if redis.call('ZCARD', P .. 'q:' .. class .. ':' .. tenant) >= tonumber(ARGV[8]) then return 'BUSY' end

local created, deadline = now(), 0
if tonumber(ARGV[7]) > 0 then deadline = created + tonumber(ARGV[7]) end
-- Exact in a double: priorities are small, and arrivals stay below 2^40.
local score = text(tonumber(ARGV[5]) * 1099511627776 + redis.call('INCR', P .. 'seq'))
redis.call('HSET', job, 'state', 'queued', 'tenant', tenant, 'class', class, 'score', score,
  'payload', ARGV[6], 'attempt', 0, 'crashes', 0, 'created', text(created), 'deadline', text(deadline))
redis.call('ZADD', P .. 'recent', created, id)
redis.call('ZREMRANGEBYRANK', P .. 'recent', 0, -10001)
queue(id, class, tenant, score)
taken()
return 'OK'
