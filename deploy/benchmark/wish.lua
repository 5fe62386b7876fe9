-- Each teacher of a file, one token a line, wishes to be coached and withdraws it, again and again: whoever was answered
-- goes on, at the next connection that is free. There must be one teacher more than there are connections, since wrk
-- asks for one request that it only looks at.

local waiting, first, last = {}, 1, 0
local tokens = {}
local wish = '{"origin":"own_wish","aim":"personal","subject":"interaction","learning_question":"'
  .. string.rep("Hoe houd ik de kring bij elkaar als het buiten sneeuwt? ", 4) .. '"}'
local withdrawal = '{"to":"withdrawn"}'

local function queue(request)
  last = last + 1
  waiting[last] = request
end

local function headers(token, tag)
  return { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json", ["If-Match"] = tag }
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local token, teacher = line:match("^(%S+)\t(%S+)$")
    tokens[teacher] = token
    queue(wrk.format("POST", "/v1/requests", headers(token), wish))
  end
end

function request()
  local found = waiting[first]
  waiting[first] = nil
  first = first + 1
  return found
end

function response(status, fields, body)
  local id, teacher = body:match('^{"id":"([^"]+)","teacher":{"id":"([^"]+)"')
  if not id then return end
  if status == 201 then
    queue(wrk.format(
      "POST", "/v1/requests/" .. id .. "/transitions", headers(tokens[teacher], fields["ETag"]), withdrawal))
  else
    queue(wrk.format("POST", "/v1/requests", headers(tokens[teacher]), wish))
  end
end
