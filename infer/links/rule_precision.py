"""How often each linking rule is right, in percent: a generated table, read by `precision`.

Measured on 406 annotated articles (11052 gold links), given gold spans, by

    python -m rasid.train.judging.rule_precision ANNOTATED_TRAIN > new.py && mv new.py infer/links/rule_precision.py

A line holds a beginning of rule names and what follows it, each with its precision. The names are put together in
`stance_rules` and `casualty_rules`.
"""

__all__ = ["PERCENT"]

PERCENT = """\
about =50
about:after:0 =77 :ACCUSE:0=93 :ACCUSE:2=99 :ACCUSE:3=34 :ADMIT:0=94 :ADMIT:1:=95 :ADMIT:2=57 :ADMIT:3=11 :DENY=58
about:after:0 :DENY:0:=84 :OPPOSE=21 :OPPOSE:3=3 :REPORT:0=94 :REPORT:2:=49 :REPORT:3=16 :SUPPORT=6
about:after:1 =10 :ADMIT:1=29 :DENY=28 :REPORT:0=40 :REPORT:0:more=22
about:after:2 =2
about:before =25
about:before:attribution =83 :REPORT:0t:1=62
about:before:noun =4
about:before:participle =1
about:before:past :ACCUSE:1t=4 :DENY=53 :OPPOSE=1 :REPORT:0:0=7 :REPORT:0:2=9 :REPORT:0t:2=2 :REPORT:1=3
about:before:present :ADMIT=63 :OPPOSE=4 :REPORT=2
blamed =33
blamed:accused =66
blamed:admitted:loss =3
blamed:after: =5 :noun1:0:far=22 :verb1:0=26
blamed:after:agent :noun=49 :noun1:0=73 :noun1:0+=51 :noun1:1+=6 :noun1:3+=4 :noun:0=75 :noun:0:=97 :noun:2+=13
blamed:after:agent :noun:3=27 :noun:3+=8 :verb=52 :verb1=52 :verb1:0=80 :verb:0=78 :verb:0+=72 :verb:3+=6
blamed:again:0n =59
blamed:again:1n =60
blamed:again:3 =13
blamed:before: :0:noun1:!=4 :0:noun:!=14 :0:noun:::PERSON=2 :0:noun::r:ARMED=54 :0:verb=70 :1:noun1=8 :1:noun1::r=37
blamed:before: :1:noun:!=4 :1:noun:::PERSON=3 :1:noun::r:STATE=57 :1:verb=70 :2=10 :3=7 :3:noun:!::ARMED=28
blamed:before: :3:noun:::ARMED=33 :3:noun::r=23
blamed:before:agent =53 :0=69 :0:noun::r=90 :1:noun1=24 :1:noun:::STATE=77 :1:noun::r:ARMED=94 :2=36 :2:noun:=53 :3=18
holder =33
holder:after =60
holder:after:adverb =15
holder:after:attribute =14
holder:after:attribution =95
holder:after:bound-noun =42 :2=59 :2::body=42 :2:من=95 :5=26
holder:after:negated =8
holder:after:noun =43 :0=67 :0::source=97 :0:ل=11 :2=25 :2:ل=3 :2:من=81 :5=19 :cue=3 :speech=3
holder:after:owned =11 :0=33 :0:=59 :0:ل=4
holder:after:participle =3 :0=20 :0::body=35 :0:ل=4
holder:after:passive =82
holder:after:past =78 :0=94 :0:ل=52 :2=53 :2:ل=34 :5=30 :5+=14 :5,=41 :9=9 :9,=18 :cue=4 :speech=2
holder:after:predicate =7
holder:after:present =27 :0=65 :0+=4 :0::source=88 :2=4 :2+=5 :5=7 :cue=1 :speech=1
holder:again =12
holder:again:adverb :s=53
holder:again:bound-noun :a:s:0=33
holder:again:negated :o=28 :w=28 :w:n=44
holder:again:noun :o:s:1=34 :w:n:1=43 :w:s:3:3=27
holder:again:owned :w:n=30 :w:n:0=57 :w:n:1=55 :w:n:3=2 :w:s:1=42
holder:again:participle =56 :a=18 :o:n:3=12 :o:s==75 :o:s=:+1:1=92 :o:s=:+3=24 :o:s=:1=91 :o:s=:3:4=59 :o:s~=21
holder:again:participle :o:s~:+3=4 :o:s~:1=39 :w:n=28 :w:s=:1=81 :w:s~=7
holder:again:past :o=31 :o:a=12 :o:n:0:0=49 :o:n:1=56 :o:n:3=7 :o:s==48 :o:s=:+3=27 :o:s=:1=70 :o:s=:3:3=64 :o:s~=7
holder:again:past :o:s~:0=31 :o:s~:1=41 :w:s=:0=43 :w:s=:1=42 :w:s=:3:3=27
holder:again:predicate =38
holder:again:present :o:n:0=35 :o:n:1=50 :o:s=:0=49 :o:s=:1=64 :w:s=:1=40 :w:s~:1=32
holder:before:adverb =48 :2,=30 :9=64 :9,=20
holder:before:attribute =62 :0=81
holder:before:attribution =1
holder:before:bound-noun :9=56 :9,=56
holder:before:negated :2=55 :2:body:=75
holder:before:noun :0=61 :0!=9 :0,:body=50 :2=51 :2,!:body=5 :9=54 :9!=16
holder:before:owned =62 :2=83 :2,=44
holder:before:participle :0=51 :0,=5 :2=56 :2,=16 :9,:civilian=6 :9,:source=72
holder:before:passive =5
holder:before:past :0=59 :0:body=74 :0:source=28 :2=59 :2,:body:=11 :2,:body:r=65 :2:body:=33 :2:body:r=88 :9=13 :9,!=11
holder:before:past :9,:civilian=3 :9,:source:=49
holder:before:present =70 :0=86 :2=47 :2,=24 :2:body:r=29 :9=46 :9,=30 :9,!:body=87
holder:first:attribute =15
holder:first:attribution =3
holder:first:bound-noun =14
holder:first:negated =63
holder:first:noun :source=8
holder:first:owned :source=12
holder:first:participle =71
holder:first:passive =12
holder:first:past :source=11
holder:first:predicate =81
holder:first:present :source=10
holder:quoted: =78
holder:quoted:own =11
place =63
place:after:0 :AC=80 :C=97
place:after:0p =89 :ACS=25 :AS=52
place:after:1 :A=41 :A:4=18
place:after:1p :=82 :ACS=23 :AS=12
place:after:2 =41 :A=8
place:after:3 =7
place:after:3p =14
place:again:0n =87
place:again:1 =41
place:again:2 =31
place:again:2n =42
place:again:3 =17
place:before:0 :3!=15 :9!=38
place:before:1 :3!=40 :9!=22 :x!=39
place:before:2 =42 :9=59
place:before:3 =28 :3!=10 :9=53 :x=44 :x!=10
target =33
target:after =57
target:after:ACCUSE =74 :b:noun=38 :b:present::0=89 :cb:past=95 :cb:present=98 :ch:past::0=90 :cn=90 :h:noun=58
target:after:ACCUSE :h:past::0=90 :n=55
target:after:DENY =25 :b:negated=3 :b:present=43 :b:present::0=9 :b:present::0!=90 :h:present=4 :n=46
target:after:OPPOSE :b:adverb=92 :b:attribute=92 :b:bound-noun:=40 :b:noun::0=75 :b:owned=33 :b:owned::0=51 :b:past:=41
target:after:OPPOSE :b:present::0=77 :cb:past=38 :cb:past::0=63 :ch=38 :ch:past::0=66 :h:past:ل=28 :n:adverb=27
target:after:OPPOSE :n:noun::0=84
target:after:SUPPORT :b:adverb:=32 :b:adverb::0=51 :b:adverb:ل=95 :b:noun:=36 :b:noun:ل=95 :b:owned=78 :b:owned:ل:0=98
target:after:SUPPORT :b:owned:مع=97 :ch=29 :h=35 :h:bound-noun=15 :h:noun:=19 :h:noun:ل=82 :h:past=63
target:again =13
target:again:ACCUSE :ACCUSE:1=31
target:again:OPPOSE :OPPOSE:0=36 :OPPOSE:1=40
target:again:SUPPORT :OPPOSE:0=32 :OPPOSE:1=32 :SUPPORT:0=36
target:before =15
target:before:ACCUSE :attribution=50 :noun:0h=36 :present:0=44
target:before:OPPOSE :past:0=33 :predicate=52 :present:3=39
target:before:SUPPORT :bound-noun=38 :bound-noun:0=15 :bound-noun:0h=58 :passive=75
target:claim:ACCUSE =64 :0=86
target:claim:DENY =4
target:claim:REPORT :0=60 :4=3
target:claimed =15
target:claimed:ACCUSE =39 :2=71 :4=6
victim =24
victim:after: :CIVILIAN=50 :CIVILIAN:0=70 :CIVILIAN:0+=33 :PERSON=63 :PERSON:0=88 :PERSON:0+=9 :PERSON:0:noun=73
victim:after: :PERSON:1+=10 :PERSON:1:noun=79 :SOURCE=1 :body:0=69 :body:0+:noun1=43 :body:0:noun1:2=46
victim:after: :body:0:noun:0=88 :body:0:noun:2=47 :body:0:verb=86 :body:0:verb1=44 :body:1+=1 :body:1:noun1=3
victim:after: :body:1:noun:1=46 :body:2=4 :body:2+=3 :body:3=3 :body:3+=1
victim:after:agent =4 :CIVILIAN=28
victim:after:بين :CIVILIAN=61 :body=3
victim:after:في =67
victim:after:ل :SOURCE=3 :body:0=56 :body:1+=6
victim:after:من =95
victim:after:من+ =47 :CIVILIAN=75 :CIVILIAN:0=91 :body=24
victim:again:0 :noun1=46 :verb=55 :verb1=59
victim:again:0n =72 :noun1=55
victim:again:1n =54
victim:again:2 =7
victim:again:3 =3
victim:before:CIVILIAN :0+:noun=58 :0:noun1:2=46 :1+:noun1:2=9 :1:noun:2=48
victim:before:PERSON :0=46 :0+:noun=7 :0:noun=6 :0:noun1=63 :0:noun1:0=83 :0:verb1=64 :1+:noun=9 :1:noun:2=41
victim:before:SOURCE =0
victim:before:body :0+=9 :0:noun=8 :0:noun1:0=46 :0:noun1:2=2 :0:verb1=61 :0:verb:2=3 :1+=6 :1:noun=7 :1:verb=2 :2=1
victim:before:body :2+=6 :3=5 :3+=5
within =45
within:down =4
within:down:0 :في=21
within:same =18
within:same:0 :=45 :x:2=1 :ب=87 :في=79 :في:1=94 :و=0
within:same:1 :و=1
within:up =81
within:up:0 :=99 :x=51 :x:3=25 :ب=99 :علي=47 :غرب=97 :في:1=99 :و=32 :و:0=4 :وسط=98
within:up:1 ::0=99 :x:2=54
"""
