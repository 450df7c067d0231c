-- First what many ask, then what a figure and the words about it ask alike.

create view g7 (donor) as values ('Canada'), ('France'), ('Germany'), ('Italy'), ('Japan'), ('United Kingdom'),
  ('United States');

-- Japan's rounds of sanctions: persons and organisations frozen, bodies under an export ban, the total then reported.
create view rounds (id, date, measure, listed, persons, organisations, banned, reported, note) as
  select round_id, date, measure, listed, individuals_added, entities_added, export_ban_bodies_added,
    russian_individuals_total, note
  from japan_sanctions_rounds;

-- Japan's Russian list to April 2022: each round, its sums so far, and the total that was reported on its day.
create view russian_list (date, persons, organisations, persons_so_far, organisations_so_far, reported) as
  select date, persons, organisations, sum(persons) over days, sum(organisations) over days, reported
  from rounds where listed = 'Russia' and date between '2022' and '2022-05' window days as (order by date);

-- What each donor had promised and set aside by the end of a month, in euros and in dollars ('Japan 2023-03').
create view aid_to_date (id, donor, month, committed, allocated) as
  select donor || ' ' || last.month, donor, last.month, 1e9 * total(committed_eur_bn), 1e9 * total(allocated_eur_bn)
  from (select distinct month from aid_monthly) last join aid_monthly given on given.month <= last.month
  group by donor, last.month;
create view aid_in_dollars (id, donor, month, committed_usd, allocated_usd) as
  select donor || ' ' || last.month, donor, last.month, 1e9 * total(committed_eur_bn / eur_per_usd),
    1e9 * total(allocated_eur_bn / eur_per_usd)
  from (select distinct month from aid_monthly) last join aid_monthly given on given.month <= last.month
    join exchange_rates on period = given.month group by donor, last.month;

-- Japan's pledges, none of them twice: what draws on an earlier one is left out.
create view pledges as select * from aid_pledges_japan where draws_on_earlier_commitment = 'no';

-- What one buyer imported of a fuel in a year: Russia's share of it in percent, the volume from Russia, and in all.
create view energy (id, year, share, volume, total) as
  select row_id, year, russia_share_pct, imports_from_russia, imports_total from energy_imports;

-- What the EU bought of Russian gas, in bcm: by pipeline, as LNG, in all.
create view eu_gas (year, pipeline, lng, gas) as
  select year, max(imports_from_russia) filter (where fuel = 'pipeline gas'),
    max(imports_from_russia) filter (where fuel = 'LNG'),
    sum(imports_from_russia) filter (where fuel in ('pipeline gas', 'LNG'))
  from energy_imports where importer = 'EU27' group by year;

-- Japan's military spending in three measures.
create view japan_spent (year, current, constant, yen) as
  select year, current_usd_m, constant_2023_usd_m, current_usd_m * jpy_per_usd
  from military_expenditure left join exchange_rates on period = cast(year as text) where country = 'Japan';

-- China's military spending as a multiple of Japan's, in constant and in current dollars.
create view times_japan (year, times, times_current) as
  select year, 1.0 * c.constant_2023_usd_m / j.constant_2023_usd_m, 1.0 * c.current_usd_m / j.current_usd_m
  from military_expenditure c join military_expenditure j using (year)
  where c.country = 'China' and j.country = 'Japan';

-- The votes of the UN's General Assembly with the number of its states, and how the members of ASEAN voted.
create view votes as select *, yes_count + no_count + abstain_count + absent_count as states from un_votes;
create view asean (vote_id, yes, no, abstained, members) as
  select vote_id, sum(vote = 'yes'), sum(vote = 'no'), sum(vote = 'abstain'), count(*)
  from un_votes_by_country where groups = 'ASEAN' group by vote_id;

-- Japan's place among the seven by the end of each month.
create view place_in_g7 (month, committed, allocated) as
  with places as (
    select donor, month, rank() over (partition by month order by committed desc) as promised,
      rank() over (partition by month order by allocated desc) as packed
    from aid_to_date where donor in g7 and month >= '2022-02')
  select month, promised, packed from places where donor = 'Japan';

-- Japan's place among the seven by kind of aid, at the end of February 2024.
create view place_by_kind (kind, made, place) as
  with seven as (
    select * from aid_totals
    where vintage = 'copy to 29 February 2024' and cut_off = '2024-02-29' and donor in g7),
  kinds (kind, donor, made, value) as (
    select 'All aid', donor, measure, total_eur_bn from seven
    union all select 'All aid, per GDP', donor, measure, total_pct_gdp from seven
    union all select 'Financial', donor, measure, financial_eur_bn from seven
    union all select 'Humanitarian', donor, measure, humanitarian_eur_bn from seven
    union all select 'Military', donor, measure, military_eur_bn from seven),
  places as (select *, rank() over (partition by kind, made order by value desc) as place from kinds)
  select kind, made, place from places where donor = 'Japan';

-- The states of the aid explorer: a release, promised or set aside, the last day, and each donor's sum in euros and
-- dollars. Only the older releases have Japan's neighbours.
create view aid_states (vintage, measure, cut_off, donor, eur, usd, neighbours) as
  with given as (
    select donor, month, 'committed' as measure, committed_eur_bn as eur, committed_eur_bn / eur_per_usd as usd
      from aid_monthly join exchange_rates on period = month
    union all select donor, month, 'allocated', allocated_eur_bn, allocated_eur_bn / eur_per_usd
      from aid_monthly join exchange_rates on period = month)
  select 'Release 29', measure, last.month, donor, total(eur), total(usd), 0
    from (select distinct month from aid_monthly) last join given on given.month <= last.month
    group by measure, last.month, donor
  union all select iif(vintage = 'Release 7', vintage, '2024 release'),
    iif(measure = 'commitments', 'committed', 'allocated'), cut_off, donor, total_eur_bn, total_eur_bn * usd_per_eur,
    donor in ('Australia', 'Japan', 'South Korea') from aid_totals;

-- Polls on paying for defence.
create view defence_polls (poll, id, in_favour, against) as
  with asked (poll, id) as (values ('NHK 9-11 December', 'nhk-2022-12-43-trillion'),
    ('Mainichi 17-18 December', 'mainichi-2022-12-defence'), ('Asahi 17-18 December', 'asahi-2022-12-defence'),
    ('Yomiuri December', 'yomiuri-2022-12-defence'), ('Yomiuri 13-15 January', 'yomiuri-2023-01-43-trillion'),
    ('FNN 21-22 January', 'fnn-2023-01-defence'), ('NHK 10-12 February', 'nhk-2023-02-43-trillion'))
  select poll, id, q(id || '-in-favour'), q(id || '-against') from asked;

-- What the texts tell of the meetings in the spring of 2022, where they give a date.
create view spring_tellings as
  with tables (event_id, name) as (values ('g7-brussels-summit-2022', 'G7 leaders'),
    ('nato-emergency-summit-2022', 'NATO leaders'), ('kishida-von-der-leyen-brussels-2022', 'talks with the EU'),
    ('nato-foreign-ministers-2022', 'NATO ministers'))
  select name, t.*, date_as_given_start as first_day, date_as_given_end as last_day, record(event_id) as day
  from event_sources t join tables using (event_id) where date_as_given is not null;

-- How much our tables note of each text, and how often it stands in a conflict.
create view exposure (source_id, noted, conflicts) as
  with notes as (select source_id from quantities union all select source_id from claims
    union all select source_id from event_sources where date_as_given is not null)
  select source_id, count(*), (select count(*) from conflicts where notes.source_id in (source_a, source_b))
  from notes group by source_id;

-- Between what each text tells as done and as still to come it was written.
create view windows (source_id, done, due) as values ('panda2022', 'japan-central-bank-2022', null),
  ('pajon_pejsova2022', 'eu-china-summit-2022', 'eu-japan-summit-2022'),
  ('cfr2022', 'truss-taiwan-remark-2022', 'nato-madrid-summit-2022'),
  ('pollmann2023', 'matsuno-security-2023', 'japan-local-elections-2023'),
  ('tsuruoka2023', 'nato-foreign-ministers-2023', 'nato-vilnius-summit-2023');
