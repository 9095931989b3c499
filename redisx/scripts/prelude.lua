-- prelude stands before every script. ARGV[1] is the prefix of all keys, and
-- KEYS[1] any key of the namespace: a cluster finds the node by it.
local P = ARGV[1]

-- now is Redis' time in milliseconds, the only clock of the protocol.
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- text writes a number without an exponent.
local function text(n) return string.format('%.0f', n) end

-- join puts a newcomer into a ring at the ring's present, not at its beginning:
-- who comes late has no arrears to be served.
local function join(ring, member)
  if redis.call('ZSCORE', ring, member) then return end
  local first = redis.call('ZRANGE', ring, 0, 0, 'WITHSCORES')
  redis.call('ZADD', ring, first[2] or 0, member)
end

-- queue puts a job in its queue and rings the bell.
local function queue(id, class, tenant, score)
  redis.call('ZADD', P .. 'q:' .. class .. ':' .. tenant, score, id)
  join(P .. 'ring:' .. class, tenant)
  join(P .. 'ring', class)
  redis.call('LPUSH', P .. 'bell', 1)
  redis.call('LTRIM', P .. 'bell', 0, 63)
end

-- finish gives a job its final state, and a day to be read.
local function finish(job, state, reason)
  redis.call('HSET', job, 'state', state, 'error', reason, 'finished', text(now()))
  redis.call('EXPIRE', job, 86400)
end
