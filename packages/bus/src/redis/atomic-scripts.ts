/** KEYS[1] bucket; ARGV capacity, tokens per second, how many at most. Returns how many were taken, or less than 0: the ms until there is one. */
export const takeTokenScript = `
local capacity = tonumber(ARGV[1])
local rate = tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or capacity
local at = tonumber(bucket[2]) or now
tokens = math.min(capacity, tokens + math.max(0, now - at) * rate / 1000)
local answer = 0
if tokens >= 1 then
  answer = math.min(math.floor(tokens), tonumber(ARGV[3]))
  tokens = tokens - answer
else
  answer = -math.ceil((1 - tokens) * 1000 / rate)
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity * 1000 / rate) + 1000)
return answer`;

/** KEYS[1] lock; ARGV owner, ms. Returns 1 when the owner holds it afterwards. */
export const lockScript = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** KEYS[1] lock; ARGV owner. */
export const unlockScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** KEYS status hashes; ARGV ms, how many words each has, then for each its field and value pairs. */
export const setStatusesScript = `
local words = tonumber(ARGV[2])
for at, key in ipairs(KEYS) do
  local from = 3 + (at - 1) * words
  redis.call('DEL', key)
  redis.call('HSET', key, unpack(ARGV, from, from + words - 1))
  redis.call('PEXPIRE', key, ARGV[1])
end
return #KEYS`;
