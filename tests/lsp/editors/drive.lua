-- What a person does in Neovim: sees a mistake, has it fixed, deploys, tests, stops. Each step is printed once it shows.
local folder, server = os.getenv('MOORING_TEST_FOLDER'), os.getenv('MOORING_TEST_SERVER')
local function out(...) io.stdout:write(table.concat(vim.tbl_map(tostring, { ... }), ' ') .. '\n') io.stdout:flush() end
local function wait(what, condition)
  if not vim.wait(60000, condition, 50) then out('MISSING', what) vim.cmd('cquit!') end
end
local messages = {}
vim.lsp.handlers['window/showMessage'] = function(_, result) table.insert(messages, result.message) end
vim.ui.select = function(items, _, chosen) chosen(items[1], 1) end

vim.lsp.config('mooring', { cmd = { server }, filetypes = { 'python' }, root_dir = folder })
vim.lsp.enable('mooring')
vim.cmd('edit ' .. vim.fn.fnameescape(folder .. '/score.py'))
vim.bo.filetype = 'python'
wait('a client', function() return #vim.lsp.get_clients({ bufnr = 0 }) > 0 end)
local client
wait('an initialized client', function() client = vim.lsp.get_clients({ bufnr = 0 })[1] return client and client.initialized end)

local function codes()
  return vim.tbl_map(function(each) return each.code end, vim.diagnostic.get(0))
end
wait('the mistake', function() return vim.tbl_contains(codes(), 'sklearn-externals') end)
out('squiggle', table.concat(codes(), ','))

vim.api.nvim_win_set_cursor(0, { 1, 0 })
vim.lsp.buf.code_action({ context = { only = { 'quickfix' }, diagnostics = vim.lsp.diagnostic.from(vim.diagnostic.get(0)) }, apply = true })
wait('the fix', function() return vim.api.nvim_buf_get_lines(0, 0, 1, false)[1] == 'import joblib' end)
wait('no squiggle', function() return not vim.tbl_contains(codes(), 'sklearn-externals') end)
out('fixed')
vim.cmd('write')

local function lenses()
  local answer = vim.lsp.buf_request_sync(0, 'textDocument/codeLens', { textDocument = vim.lsp.util.make_text_document_params() }, 10000)
  return answer and answer[client.id] and answer[client.id].result or {}
end
local function lens(prefix)
  for _, each in ipairs(lenses()) do
    if vim.startswith(each.command.title, prefix) then return each.command end
  end
end
out('lens', lenses()[1].command.title)
local function take(command)
  local answer = client:request_sync('workspace/executeCommand', { command = command.command, arguments = command.arguments }, 60000, 0)
  assert(answer and answer.result and answer.result.ok, vim.inspect(answer))
  return answer.result
end

for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
  if vim.startswith(line, 'def run') then vim.api.nvim_win_set_cursor(0, { number, 0 }) end
end
vim.lsp.buf.code_action({ filter = function(each) return each.title == 'Deploy doubler:1 to a local process' end, apply = true })
wait('a healthy service', function() return lens('doubler ● Healthy') ~= nil end)
out('lens', lens('doubler').title)
local tested = take(lens('Test'))
out('test', tested.status, vim.json.encode(tested.answer))
local log = take(lens('Logs'))
out('log', log.uri ~= nil)
take(lens('Stop'))
wait('no service', function() return lens('Deploy this model') ~= nil end)
out('stopped')
for _, message in ipairs(messages) do out('said', message) end
vim.cmd('qall!')
