-- release puts a running job back in its queue, if this attempt still has it: a
-- worker that shuts down gives its jobs to others.
--
-- ARGV[2] id                          ARGV[3] token of the attempt
--
-- Returns 'OK' or 'FENCED'. Sent twice, the second is FENCED.
local id = ARGV[2]
local job = P .. 'job:' .. id
local f = redis.call('HMGET', job, 'token', 'state', 'class', 'tenant', 'score')
if f[1] ~= ARGV[3] or f[2] ~= 'running' then return 'FENCED' end
redis.call('ZREM', P .. 'lease', id)
redis.call('HSET', job, 'state', 'queued', 'token', '')
queue(id, f[3], f[4], f[5])
return 'OK'
