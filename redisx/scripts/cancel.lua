-- cancel asks for the end of a job.
--
-- ARGV[2] id
-- ARGV[3] ms for which to remember that, when there is no such job yet: with many
--         workers, a cancellation may overtake its command; 0 for not at all
--
-- Returns the state of the job after it: 'cancelled' when it was waiting,
-- 'running' when its worker has been asked, the final state when it has ended,
-- or 'GONE'. A job whose worker has been silent for a lease is 'cancelled' here:
-- there may be nobody left who reaps. Safe to send twice.
local id, remember = ARGV[2], ARGV[3]
local state = redis.call('HGET', P .. 'job:' .. id, 'state')
if not state then
  if remember ~= '0' then redis.call('SET', P .. 'cancel:' .. id, 1, 'PX', remember) end
  return 'GONE'
end
if waiting(state) then
  withdraw(id)
  finish(id, 'cancelled', '')
  return 'cancelled'
end
if state == 'running' then
  drainable()
  local lease = redis.call('ZSCORE', P .. 'lease', id)
  if lease and tonumber(lease) <= now() then
    leave(id)
    tally('lost')
    finish(id, 'cancelled', '')
    return 'cancelled'
  end
  redis.call('HSET', P .. 'job:' .. id, 'cancel', 1)
  redis.call('PUBLISH', P .. 'ctl', id)
end
return state
