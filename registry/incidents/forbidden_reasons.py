"""Words that no purpose may contain, and words that alone say nothing. In lower case, without accents."""

_ASSEMBLY_IN_ENGLISH = """
protest protests protester protesters protestor protestors protesting demonstration demonstrations demonstrator
demonstrators rally rallies assembly picket pickets picketing marchers vigil strikers activism activist activists
assemblies boycott boycotts counterprotest counterprotester counterprotesters counterprotests marches marching
picketer picketers protested rallying vigils walkout walkouts
"""

_ASSEMBLY_IN_SPANISH = """
protesta protestas manifestacion manifestaciones manifestante manifestantes marcha marchas mitin mitines asamblea
asambleas piquete piquetes huelga huelgas huelguista huelguistas vigilia vigilias planton plantones activismo
activista activistas boicot contramanifestacion contramanifestaciones contraprotesta contraprotestas protestando
protestar protestaron
"""

LAWFUL_ASSEMBLY = frozenset(f"{_ASSEMBLY_IN_ENGLISH} {_ASSEMBLY_IN_SPANISH}".split())
"""Words for lawful assembly, which is never a purpose. No agency can change them. (First Amendment.)"""

NO_ASSEMBLY = frozenset(
    {
        "en marcha",
        "marcha atras",
        "marching band",
        "assembly of god",
        "assemblies of god",
        "asamblea de dios",
        "asambleas de dios",
    }
)
"""Phrases with a word for assembly that mean something else: a running engine, reverse gear, a band, a church."""

_ENGLISH = """
a also an and any are as at be because been being but by can could did do does for from had has have he her here him
his how i if in into is it its just may me might more my no not of on or our out please she should so some something
stuff that the their them then there these they thing things this those to up us was we were what when where which who
why will with would you your
area areas business camera cameras canvass case cases check checking crime crimes duty evidence event events footage
follow followup get happened help helpful incident incidents info information inquiry investigate investigated
investigates investigating investigation investigations investigative investigator issue job law enforcement look
looking matter need needed needs official ongoing open pertinent police policing procedure purpose purposes reason
reasons record recording recordings related regarding relevant report request requested requesting required review see
sheriff show test testing time use used useful video videos view want wanted watch work
"""

_SPANISH = """
al algo como con cual cuando de del desde donde e el ella en era es esa ese eso esta este esto favor fue ha hace hacer
han hay la las le les lo los mas me mi mis muy nos o otra otro para pero por porque que quien se ser si sin sobre son
su sus tambien tiene un una unas unos y ya
area asunto ayuda ayudar camara camaras caso casos crimen crimenes delito delitos evidencia fines grabacion grabaciones
incidente incidentes informacion investiga investigacion investigaciones investigando investigar motivo motivos
necesaria necesario necesita necesitamos necesito oficial oficiales paso policia policial policiales propositos prueba
pruebas razon razones relacionada relacionadas relacionado relacionados revisar seguimiento trabajo ver video videos
zona
"""

FILLERS = frozenset(f"{_ENGLISH} {_SPANISH}".split())
"""Filler words; a reason needs two others: "for the ongoing police investigation of this case" says nothing."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
KEY_ROWS = (*_ROWS, *(row[::-1] for row in _ROWS))
"""Rows of a keyboard, in both directions. Four or more neighboring letters of one row are no word."""
