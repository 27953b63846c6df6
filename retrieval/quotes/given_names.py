"""Given names and their short forms, as far as they tell he from she or a person from a place.

Common given names of the United States (Social Security Administration, names of the last century) and of people
often in the news; a name that is not here counts as either.
"""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


FEMALE = _listed(
    """
    tina yvonne norma audrey peggy vivian gail erin holly shannon robin jane rosa carmen ana lucia sofia ingrid
    greta ursula
    natasha olga svetlana yulia leila amina aung samira priya indira benazir malala ruby hazel stella chloe
    zoe nora eva
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra
    ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura
    cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra
    rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren
    christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann anne sara madison
    frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle beverly
    isabella theresa diana natalie brittany charlotte marie kayla alexis lori hillary chelsea melania ivanka nikki
    kellyanne condoleezza loretta claire kirsten tammy jill elena sonia sally gwen ava oprah kamala jo jane ellen
    alicia huma wendy carly megyn gayle katie leslie tina monica paula gabrielle fatima aisha
    """
)
MALE = _listed(
    """
    lester mitt earl leon dean clarence norman stanley leonard marvin clinton gordon vernon alfred fred theodore derek
    warren marcus dwight herbert glenn victor craig curtis shawn brad todd chad neil hugh ivan pablo pedro miguel diego
    antonio mario luigi hans klaus jean-marc pierre yves ali omar hassan ibrahim mahmoud yusuf sergei dmitry igor
    james robert john michael david william richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob
    gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank patrick
    raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy
    walter christian keith roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan
    billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell
    bradley philip eugene bill barack mike tim ted bernie jim bob tom dan steve chris matt rudy newt mitch chuck
    harry marco jeb josh ben greg rob ken jeff luis carlos mohammed muhammad ahmed vladimir emmanuel francois
    boris rodrigo kim xi shinzo lindsey
    """
)
GIVEN = FEMALE | MALE

EPITHETS = _listed("rival longtime former retired interim embattled conservative liberal veteran")
"""Capitalised in headlines before a name without being part of it."""

ROLES_THAT_ARE_NAMES = _listed(
    """
    del st home first white green king pope father brother mother sister prince judge major author host lord baron
    bishop cardinal coach page chase fr al ex us gop
    """
)
"""Roles that also stand inside names, and so are cut from a name's beginning only."""

NOT_GIVEN = _listed(
    """
    north south east west northern southern eastern western new world african asian european central latin capitol
    election real san santa los las saint fort lake mt mount united great sixth fifth second third ninth supreme
    middle pacific atlantic cold civil black air super twitter facebook social breaking native homeland
    longtime prominent retired fellow outgoing incoming
    """
)
"""Words that begin places and things, not people."""

SHORT_FORMS = (
    _listed("william bill will billy"),
    _listed("robert bob rob bobby"),
    _listed("richard dick rick"),
    _listed("james jim jimmy"),
    _listed("john jack johnny"),
    _listed("thomas tom"),
    _listed("michael mike"),
    _listed("edward ed ted teddy"),
    _listed("theodore ted"),
    _listed("joseph joe"),
    _listed("charles chuck charlie"),
    _listed("bernard bernie"),
    _listed("elizabeth liz beth betsy"),
    _listed("katherine kate kathy"),
    _listed("catherine cathy kate"),
    _listed("margaret maggie peggy"),
    _listed("anthony tony"),
    _listed("rudolph rudy"),
    _listed("donald don"),
    _listed("steven steve"),
    _listed("stephen steve"),
    _listed("andrew andy drew"),
    _listed("barack barry"),
    _listed("lawrence larry"),
    _listed("patricia pat trish"),
    _listed("deborah debbie"),
    _listed("susan sue"),
    _listed("gerald jerry"),
    _listed("henry harry hank"),
    _listed("john jeb"),
    _listed("newton newt"),
    _listed("addison mitch"),
    _listed("willard mitt"),
    _listed("marcia cia"),
    _listed("vladimir volodymyr"),
)
"""Given names that one person may go by."""
