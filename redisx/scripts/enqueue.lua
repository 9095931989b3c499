-- enqueue makes a job of a command and puts it in its queue.
--
-- ARGV[2] id of the job               ARGV[8] most jobs in this queue, 0 for any number
-- ARGV[3] tenant                      ARGV[9] most jobs in all, 0 for any number
-- ARGV[4] class                       ARGV[10] staging list to take the raw command
-- ARGV[5] priority                             from, or ''
-- ARGV[6] payload                     ARGV[11] the raw command
-- ARGV[7] deadline from now in ms, 0 for none
--
-- Returns 'OK', 'DUP:<state>' when there is a job with this id, 'BUSY' when the
-- queue is full, or 'FULL' when all of Redis is; then nothing has changed.
-- Sent twice, the second is a DUP.
local id, tenant, class = ARGV[2], ARGV[3], ARGV[4]
local job = P .. 'job:' .. id

local function taken()
  if ARGV[10] ~= '' then redis.call('LREM', ARGV[10], 1, ARGV[11]) end
end

local function reached(size, most)
  return tonumber(most) > 0 and size >= tonumber(most)
end

local state = redis.call('HGET', job, 'state')
if state then
  taken()
  return 'DUP:' .. state
end
if reached(redis.call('ZCARD', P .. 'q:' .. class .. ':' .. tenant), ARGV[8]) then return 'BUSY' end
if reached(redis.call('SCARD', P .. 'open'), ARGV[9]) then return 'FULL' end

local created, deadline = now(), 0
if tonumber(ARGV[7]) > 0 then deadline = created + tonumber(ARGV[7]) end
-- Exact in a double: priorities are small, and arrivals stay below 2^40.
local score = text(tonumber(ARGV[5]) * 1099511627776 + redis.call('INCR', P .. 'seq'))
redis.call('HSET', job, 'tenant', tenant, 'class', class, 'score', score, 'payload', ARGV[6], 'attempt', 0,
  'tries', 0, 'crashes', 0, 'created', text(created), 'deadline', text(deadline), 'patience', ARGV[7])
redis.call('SADD', P .. 'open', id)
redis.call('ZADD', P .. 'recent', created, id)
redis.call('ZREMRANGEBYRANK', P .. 'recent', 0, -10001)
if deadline > 0 then redis.call('ZADD', P .. 'due', text(deadline), id) end
if redis.call('DEL', P .. 'cancel:' .. id) == 1 then
  finish(id, 'cancelled', '')
else
  place(id)
end
taken()
return 'OK'
