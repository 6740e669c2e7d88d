//! Portuguese, in words that Portugal and Brazil share.

use super::{Language, Text, month};

pub(super) static LANGUAGE: Language = Language {
    tag: "pt",
    texts: [
        // Welcome
        Text {
            subject: "Boas-vindas, {{userDisplayName}}",
            body: "Olá {{userDisplayName}},\n\n\
                   Boas-vindas! É um prazer contar com a sua colaboração. Estes são os dados necessários \
                   para começar:\n\n\
                   Primeiro dia: {{userEmployeeHireDate}}\n\
                   Nome de acesso: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\
                   Chefia: {{managerDisplayName}}\n\n\
                   Em caso de dúvida, antes ou depois do primeiro dia, fale com a sua chefia, que também \
                   indicará o local de apresentação e a forma de entrar no sistema pela primeira vez.\n\n\
                   Desejamos um ótimo começo.",
        },
        // Pass
        Text {
            subject: "Código de acesso temporário para {{userDisplayName}}",
            body: "Olá {{recipientDisplayName}},\n\n\
                   Foi criado um código de acesso temporário para {{userDisplayName}}. Serve para entrar no \
                   sistema pela primeira vez e definir, nesse momento, uma forma de acesso permanente.\n\n\
                   Nome de acesso: {{userPrincipalName}}\n\
                   Código de acesso temporário: {{temporaryAccessPass}}\n\
                   Válido a partir de: {{passStart}}\n\
                   Duração: {{passLifetime}} minutos\n\n\
                   Se o código for para outra pessoa, entregue-o pessoalmente ou por outro meio seguro. Por \
                   favor, não encaminhe esta mensagem.\n\n\
                   Quem souber o código pode usá-lo para entrar. Mantenha-o em segredo e apague esta \
                   mensagem assim que o código tiver sido usado.",
        },
        // BeforeLastDay
        Text {
            subject: "O último dia de {{userDisplayName}} está próximo",
            body: "Olá {{recipientDisplayName}},\n\n\
                   O último dia de trabalho de {{userDisplayName}} está próximo.\n\n\
                   Último dia: {{userEmployeeLeaveDateTime}}\n\
                   Nome de acesso: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\n\
                   Por favor, combine com antecedência quem assumirá o trabalho pendente, os projetos e \
                   os documentos, e quando serão devolvidos os equipamentos, as chaves e os cartões de \
                   acesso.\n\n\
                   Verifique também que acessos ainda são necessários até lá e quem assumirá as caixas de \
                   e-mail de uso comum, os grupos e as tarefas automáticas.",
        },
        // OnLastDay
        Text {
            subject: "Hoje é o último dia de {{userDisplayName}}",
            body: "Olá {{recipientDisplayName}},\n\n\
                   Hoje é o último dia de trabalho de {{userDisplayName}}.\n\n\
                   Último dia: {{userEmployeeLeaveDateTime}}\n\
                   Nome de acesso: {{userPrincipalName}}\n\n\
                   Antes do fim do dia, confirme, por favor, que a passagem do trabalho está concluída e \
                   que os equipamentos, as chaves e os cartões de acesso foram devolvidos.\n\n\
                   Pense também nos acessos que não dependem da conta, como senhas de uso comum, caixas de \
                   e-mail de uso comum e serviços externos.\n\n\
                   Agradecemos a sua ajuda para uma boa despedida.",
        },
        // AfterLastDay
        Text {
            subject: "Depois do último dia de {{userDisplayName}}",
            body: "Olá {{recipientDisplayName}},\n\n\
                   O último dia de trabalho de {{userDisplayName}} já passou.\n\n\
                   Último dia: {{userEmployeeLeaveDateTime}}\n\
                   Nome de acesso: {{userPrincipalName}}\n\n\
                   Verifique, por favor, se ainda há algo pendente: equipamentos por devolver, trabalho que \
                   ninguém assumiu, ou documentos e caixas de e-mail a que só {{userDisplayName}} tinha \
                   acesso.\n\n\
                   Reveja também os grupos e os acessos administrados por {{userDisplayName}} e indique ao \
                   suporte técnico o que deve ser removido ou transferido.",
        },
        // OnboardingReminder
        Text {
            subject: "{{userDisplayName}} começa em breve",
            body: "Olá {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} vai integrar em breve o seu grupo de trabalho.\n\n\
                   Primeiro dia: {{userEmployeeHireDate}}\n\
                   Nome de acesso: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\n\
                   Por favor, garanta que o posto de trabalho, os equipamentos e os acessos estejam prontos \
                   no primeiro dia e indique uma pessoa de apoio para as primeiras semanas.\n\n\
                   Ter um plano para a primeira semana e informar o grupo com antecedência facilita o começo.",
        },
        // Move
        Text {
            subject: "Alteração dos dados profissionais de {{userDisplayName}}",
            body: "Olá {{recipientDisplayName}},\n\n\
                   Os dados profissionais de {{userDisplayName}} foram alterados, por exemplo, o cargo, o \
                   departamento ou a chefia. Estes são os dados atuais:\n\n\
                   Nome de acesso: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\
                   Chefia: {{managerDisplayName}}\n\n\
                   Verifique, por favor, tanto nos acessos como nos grupos, o que continua necessário, o que \
                   deve terminar e o que falta.\n\n\
                   Se houver trabalho pendente, equipamentos ou responsabilidades que devam passar para \
                   outras pessoas, combine isso com todas elas.\n\n\
                   Se os dados não estiverem corretos, avise o departamento de recursos humanos.",
        },
        // Inactivity
        Text {
            subject: "{{userDisplayName}} não entra no sistema há muito tempo",
            body: "Olá {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} não entra no sistema há muito tempo. Por isso, é possível que a conta \
                   seja desativada.\n\n\
                   Nome de acesso: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\n\
                   Se a conta ainda for necessária, peça a {{userDisplayName}} que entre no sistema em \
                   breve. Se isso não for possível, por exemplo, devido a uma ausência prolongada, avise o \
                   suporte técnico.\n\n\
                   Se a conta já não for necessária, avise igualmente o suporte técnico.",
        },
        // SponsorshipForManager
        Text {
            subject: "O patrocínio de identidades de agente passa para a sua responsabilidade",
            body: "Olá {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} patrocina as identidades de agente indicadas abaixo. Devido a uma \
                   saída ou mudança de funções, o patrocínio passa para a sua responsabilidade.\n\n\
                   Identidades de agente: {{sponsoredAgents}}\n\
                   Patrocínio até agora: {{userDisplayName}}\n\n\
                   Assumir o patrocínio significa responder pelo uso destas identidades de agente e \
                   verificar se ainda são necessárias.\n\n\
                   Enquanto for possível, peça a {{userDisplayName}} que explique para que servem. Indique \
                   ao suporte técnico quais já não são necessárias.",
        },
        // SponsorshipForCoSponsors
        Text {
            subject: "{{userDisplayName}} deixa o patrocínio de identidades de agente",
            body: "Olá {{recipientDisplayName}},\n\n\
                   As identidades de agente indicadas abaixo têm o seu patrocínio e o de \
                   {{userDisplayName}}. Devido a uma saída ou mudança de funções, {{userDisplayName}} deixa \
                   o patrocínio.\n\n\
                   Identidades de agente: {{sponsoredAgents}}\n\
                   Deixa o patrocínio: {{userDisplayName}}\n\n\
                   O seu próprio patrocínio não muda; não é preciso fazer nada para mantê-lo.\n\n\
                   Por favor, confirme que sabe para que são usadas estas identidades de agente e, enquanto \
                   for possível, fale com {{userDisplayName}}.",
        },
        // GuestRemoval
        Text {
            subject: "Conta de convidado sem patrocínio: {{userDisplayName}}",
            body: "Olá {{recipientDisplayName}},\n\n\
                   Ninguém patrocina a conta de convidado de {{userDisplayName}}. As contas de convidado sem \
                   patrocínio são removidas; por isso, esta conta também será removida.\n\n\
                   Conta de convidado: {{userDisplayName}}\n\
                   Nome de acesso: {{userPrincipalName}}\n\n\
                   Se o acesso ainda for necessário, indique a tempo uma pessoa que assuma o patrocínio e \
                   possa confirmar para que serve o acesso.\n\n\
                   Se o acesso já não for necessário, não é preciso fazer nada.",
        },
    ],
    caution: "Cuidado: o texto acima foi escrito livremente e não foi verificado. Em caso de dúvida sobre a \
              origem da mensagem, não abra links nem revele senhas ou códigos.",
    closing: "Esta mensagem foi enviada automaticamente em nome de {{organization}}.",
    day: |date| format!("{} de {} de {}", date.day(), month(date, &MONTHS), date.year()),
};

const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
