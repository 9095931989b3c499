-- retire takes a worker out that has given its jobs back: the raw commands that it
-- has taken return to the ingress list, first in line. The other workers look at once
-- whether any is left that has the queue's data.
--
-- ARGV[2] worker
--
-- Returns the number of commands. Safe to send twice.
local worker = ARGV[2]
local staging, n = P .. 'in:proc:' .. worker, 0
redis.call('DEL', P .. 'claim:' .. worker)
while redis.call('LLEN', staging) > 0 do
  redis.call('LMOVE', staging, P .. 'in', 'LEFT', 'RIGHT')
  n = n + 1
end
redis.call('ZREM', P .. 'w', worker)
if redis.call('HDEL', P .. 'data', worker) == 1 then redis.call('PUBLISH', P .. 'ctl', '') end
return n
