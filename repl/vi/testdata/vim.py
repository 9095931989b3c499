#!/usr/bin/env python3
"""Writes vim.ndjson: what Vim makes of texts and keys. python3 vim.py > vim.ndjson, with a vim on the PATH."""
import json, os, random, subprocess, tempfile

TEXTS = [
    'loyalty.tier = "gold" and homeAddress.country in ["CA", "US"]',
    'xEvent[eventType = "commerce.purchases" and timestamp occurs < 30 days before now].count() >= 3',
    'a',
    '',
    '  a_b.c2  (d)',
    'a = 1\n  and b = 2\n\nand (c or (d and e))\n',
    'not (a.b and "x y") ',
    "s in ['a', 'b c'] or s = 'é' and 日本 = 1",
]
MOTIONS = ['h', 'l', '0', '^', '$', 'w', 'b', 'e', 'W', 'B', 'E', 'fa', 'Fa', 't"', 'T.', 'f ', 'j', 'k', 'G', 'gg', 'ge', '%', '2w', '3l', '2e', '2fa', 'f"', '2b', '2j']
OBJECTS = ['iw', 'aw', 'i"', 'a"', 'i(', 'a)', 'i[', 'a]', 'iW', 'aW', "i'"]
SINGLE = ['x', 'X', '3x', 'D', 'rz', '3rz', '~', '4~', 'dd', '2dd', 'Y', 'yy', 'p', 'P', 'fa;', 'fa,', 'ta;', 'Ta;',
          'iNEW', 'ANEW', 'INEW', 'aNEW', 'oNEW', 'ONEW', 'CNEW', 'sNEW', 'SNEW', 'ccNEW', '2sN', 'cwNEW', 'cwNEW\x1bw.', 'xp', 'ddp', 'yyP', 'ywP', 'dw.', 'x..', 'daw.', 'yyjp']

OBJECTIVE = [o + a for o in 'dcy' for a in 'ia']

def cases():
    r = random.Random(1)
    for text in TEXTS:
        lines = text.split('\n')
        for keys in MOTIONS + SINGLE + [o + m for o in 'dcy' for m in MOTIONS + OBJECTS]:
            for _ in range(1):
                row = r.randrange(len(lines))
                col = r.randrange(max(len(lines[row]), 1))
                if keys[-1] in '\'"' and keys[:-1] in OBJECTIVE and lines[row][:col].count(keys[-1]) % 2 == 0:
                    continue  # between two texts in quotes: these are not one themselves, as Vim thinks
                if keys[1:] in OBJECTS and not lines[row] or keys in ('cge', 'dge'):
                    continue
                yield {'text': text, 'row': row, 'col': len(lines[row][:col].encode()), 'keys': keys}

SCRIPT = '''
set nocp noai sol cpo-=_ ww= ve= sel=inclusive enc=utf-8 bs=indent,eol,start report=99999 nojs
let out = []
for c in json_decode(join(readfile('IN'), ''))
  enew!
  set ul=-1
  call setline(1, split(c.text, "\\n", 1))
  set ul=1000
  call cursor(c.row + 1, c.col + 1)
  let @" = ''
  let v:errmsg = ''
  exe "normal! " . c.keys
  let c.got = join(getline(1, '$'), "\\n")
  let c.gotrow = line('.') - 1
  let c.gotcol = col('.') - 1
  call add(out, json_encode(c))
endfor
call writefile(out, 'OUT')
qa!
'''

with tempfile.TemporaryDirectory() as d:
    at = lambda name: os.path.join(d, name)
    with open(at('IN'), 'w') as f:
        json.dump(list(cases()), f)
    with open(at('S'), 'w') as f:
        f.write(SCRIPT.replace("'IN'", repr(at('IN'))).replace("'OUT'", repr(at('OUT'))))
    subprocess.run(['vim', '-u', 'NONE', '-N', '-es', '-S', at('S')], check=False, stdin=subprocess.DEVNULL)
    print(open(at('OUT')).read(), end='')
