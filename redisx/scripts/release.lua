-- release puts a running job back where it waited, if this attempt still has it: a
-- worker that shuts down gives its jobs to others. That costs the job none of its
-- tries.
--
-- ARGV[2] id                          ARGV[3] token of the attempt
--
-- Returns the state of the job, 'queued', 'suspect' or 'cancelled', or 'FENCED'.
-- Sent twice, the second is FENCED.
local id, token = ARGV[2], ARGV[3]
local f = redis.call('HMGET', P .. 'job:' .. id, 'token', 'state', 'cancel')
if f[1] ~= token or f[2] ~= 'running' then return fenced() end
drainable()
leave(id)
tally('released')
if f[3] then
  finish(id, 'cancelled', '')
  return 'cancelled'
end
return place(id)
